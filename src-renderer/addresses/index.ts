export { runsSearch, type RunsSearch } from './runs-search';
export { currentInRail, defineScreen, goCommand, listed, type GoCommand, type Screen } from './screen';
export { day, flag, NO_SEARCH, text } from './search';
