import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { storedTemplate } from '../../../../test/support/stored-template';
import type { Plan } from './plan';
import { columnCount } from './plan-columns';
import { newTarget, requestOf, setInput, takeFile, type PlanStore } from './plan-store';

const template = storedTemplate({
  name: 'Mail',
  user_prompt_template: 'To {{ name }}:{% for item in items %}- {{ item.id }}{% endfor %}',
  variables: ['name', 'items'],
});

const newPlan = (): PlanStore =>
  createStore<Plan>(() => ({
    template,
    versions: [],
    name: '',
    vary: '',
    targets: [newTarget(null, 'm')],
    inputs: [{}],
    replicates: 1,
    concurrency: null,
    stream: false,
    budget: '',
    driftPolicy: 'record',
    isSample: false,
    change: null,
  }));

test.each([
  ['[{"id": 12345678901234567890}]', 'Row 1, items: JSON, line 1, column 9: the number'],
  ['[{"id": 1, "id": 2}]', 'The key "id" is repeated'],
  ['[{"id": 1', 'Row 1, items: JSON, line 1'],
])(
  'a list that is typed and would not be sent as it stands keeps the comparison from starting: %s',
  (typed, said) => {
    const plan = newPlan();
    setInput(plan, 0, 'items', typed);
    expect(requestOf(plan.getState())).toEqual({
      ok: false,
      problem: expect.stringContaining(said) as string,
    });
    // In a variable used as text, the same brackets stay text.
    setInput(plan, 0, 'items', '[{"id": 1}]');
    setInput(plan, 0, 'name', typed);
    expect(requestOf(plan.getState())).toMatchObject({
      request: { inputs: [{ name: typed, items: [{ id: 1 }] }] },
    });
  },
);

test.each([
  ['a row with a field too many', 'name,items\nAda,x,y\n', 'line 2: the row has 3 cells'],
  ['a header with a name twice', 'name,name\nAda,x\n', 'two columns are named "name"'],
  ['a quote that never closes', 'name,items\n"Ada,x\n', 'never closed'],
  ['a number that would change', '[{"name":12345678901234567890}]', 'line 1, column 10: the number'],
  ['text that is not UTF-8', Buffer.from('name\nZürich\n', 'latin1'), 'byte 7 is not UTF-8'],
])(
  'a file with %s is refused as on the command line, and nothing of it is taken over',
  (_, content, said) => {
    const plan = newPlan();
    takeFile(plan, Buffer.from(content));
    expect(plan.getState().inputs).toEqual([{}]);
    expect(plan.getState().change?.done).toContain(`Nothing was added: `);
    expect(plan.getState().change?.refused).toBe(true);
    expect(plan.getState().change?.done).toContain(said);
  },
);

test('reports unused and empty columns and empty rows of a file', () => {
  const plan = newPlan();
  takeFile(plan, Buffer.from('name,expected,\nAda,Hi,\n,,\n'));
  expect(plan.getState().inputs).toEqual([{ name: 'Ada' }]);
  expect(plan.getState().change?.done).toBe(
    '1 row added; not used: expected; 1 empty row left out; 1 empty column left out.',
  );
});

test('each column runs with every combination of the values to vary', () => {
  const plan = newPlan();
  setInput(plan, 0, 'name', 'Ada');
  plan.setState({
    targets: [newTarget(null, 'a', { params: 'top_p=0.5' }), newTarget(null, 'b')],
    vary: 'effort=low,high; temperature=0,1',
  });
  const four = [
    { reasoning_effort: 'low', temperature: 0 },
    { reasoning_effort: 'low', temperature: 1 },
    { reasoning_effort: 'high', temperature: 0 },
    { reasoning_effort: 'high', temperature: 1 },
  ];
  expect(columnCount(plan.getState())).toBe(8);
  expect(requestOf(plan.getState())).toMatchObject({
    request: {
      targets: [
        ...four.map((set) => ({ model_id: 'a', inference_params: { top_p: 0.5, ...set } })),
        ...four.map((set) => ({ model_id: 'b', inference_params: set })),
      ],
    },
  });
});

test.each([
  ['effort', '“effort” is not of the form name=value,value'],
  ['effort=low,', 'effort: a value is missing'],
  ['effort=low,low', 'effort: low is given twice'],
  ['effort=low; effort=high', 'effort is given twice'],
  ['top_p=0,1', 'Column 1 sets top_p itself'],
])('values to vary that cannot be meant keep the comparison from starting: %s', (vary, said) => {
  const plan = newPlan();
  setInput(plan, 0, 'name', 'Ada');
  plan.setState({ targets: [newTarget(null, 'a', { params: 'top_p=0.5' })], vary });
  expect(requestOf(plan.getState())).toEqual({
    ok: false,
    problem: expect.stringContaining(said.replace('“', '"').replace('”', '"')) as string,
  });
});
