import { describe, expect, it } from 'vitest';
import {
  appendLeafHash,
  decodeEdge,
  EMPTY_RANGE,
  EMPTY_ROOT,
  encodeEdge,
  leafHash,
  rememberingNodeHash,
  rootOf,
  treeOf,
  verifyConsistency,
  verifyInclusion,
  type Digest,
} from '.';

const MAX = 100;
const leaves = Array.from({ length: MAX }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));
const tree = treeOf(leaves);

/** The vectors of certificate-transparency's reference tests (merkletree): eight leaves and their roots. */
const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((text) => leafHash(Buffer.from(text, 'hex')));
const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the published vectors of the Certificate Transparency log', () => {
  it('gives the root of nothing and of the first 1 to 8 leaves', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    const ct = treeOf(CT_LEAVES);
    expect(CT_ROOTS.map((_, index) => ct.rootAt(index + 1).toString('hex'))).toEqual(CT_ROOTS);
  });

  it.each([
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  ])('proves leaf %i in a tree of %i as published', (index, size, proof) => {
    expect(treeOf(CT_LEAVES).inclusionProof(index, size).map(hex)).toEqual(proof);
  });

  it.each([
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ])('proves that %i leaves begin %i as published', (first, second, proof) => {
    expect(treeOf(CT_LEAVES).consistencyProof(first, second).map(hex)).toEqual(proof);
  });
});

describe('the compact range', () => {
  it('has the root of the whole tree after each append, also after it was put down and taken up', () => {
    let range = EMPTY_RANGE;
    for (const [index, leaf] of leaves.entries()) {
      range = appendLeafHash(decodeEdge(range.size, encodeEdge(range)), leaf);
      expect(hex(rootOf(range))).toBe(hex(tree.rootAt(index + 1)));
    }
    expect(range.edge).toHaveLength(3); // 100 = 64 + 32 + 4
  });

  it('refuses an edge that is not of its size', () => {
    expect(() => decodeEdge(3, '00'.repeat(32))).toThrow('edge');
    expect(() => decodeEdge(1, 'zz'.repeat(32))).toThrow('edge');
  });
});

describe('inclusion', () => {
  it('holds for every leaf of every size to 100', () => {
    for (let size = 1; size <= MAX; size++) {
      for (let index = 0; index < size; index++) {
        const claim = inclusion(index, size);
        if (!verifyInclusion(claim)) expect.fail(`leaf ${index} of ${size}`);
      }
    }
  });

  it('refuses every changed claim', () => {
    let refused = 0;
    for (const size of [1, 2, 3, 5, 7, 8, 31, 32, 33, 64, 99, 100]) {
      for (let index = 0; index < size; index++) {
        const claim = inclusion(index, size);
        const changed = [
          { ...claim, index: index + 1 },
          { ...claim, index: index - 1 },
          { ...claim, index: index + 0.5 },
          { ...claim, leaf: flip(claim.leaf) },
          { ...claim, root: flip(claim.root) },
          { ...claim, proof: [...claim.proof, claim.root] },
          { ...claim, proof: [claim.root, ...claim.proof] },
          ...(claim.proof.length === 0 ? [] : [{ ...claim, proof: claim.proof.slice(1) }]),
          ...(claim.proof.length === 0 ? [] : [{ ...claim, proof: claim.proof.slice(0, -1) }]),
          ...claim.proof.map((_, at) => ({ ...claim, proof: withFlipped(claim.proof, at) })),
        ];
        for (const each of changed) {
          refused += 1;
          if (verifyInclusion(each)) expect.fail(`leaf ${index} of ${size}: ${JSON.stringify(each)}`);
        }
      }
    }
    expect(refused).toBeGreaterThan(4000);
  });
});

describe('a claim that no tree can make', () => {
  const one = [tree.rootAt(1)];
  const [a, b] = [tree.rootAt(5), tree.rootAt(6)];

  it.each([
    ['equal sizes with other roots', { first: 5, second: 5, firstRoot: a, secondRoot: b, proof: [] }],
    ['equal sizes with a proof', { first: 5, second: 5, firstRoot: a, secondRoot: a, proof: one }],
    ['nothing at the beginning, with a proof', { ...consistency(0, 6), proof: one }],
    ['nothing at the beginning, with the root of something', { ...consistency(0, 6), firstRoot: a }],
    ['a perfect beginning without a proof', { ...consistency(4, 6), firstRoot: b, proof: [] }],
    ['a proof that is too long', { ...consistency(4, 8), proof: [...consistency(4, 8).proof, a, a] }],
    ['half a leaf', { ...consistency(5, 6), first: 4.5 }],
    ['fewer than no leaves', { ...consistency(0, 6), first: -1 }],
    ['as many leaves as nobody counts', { ...consistency(5, 6), second: Number.POSITIVE_INFINITY }],
    ['no number of leaves', { ...consistency(5, 6), second: Number.NaN }],
  ])('of consistency is refused: %s', (_, claim) => {
    expect(verifyConsistency(claim)).toBe(false);
  });

  it.each([
    ['a leaf beyond the tree', { ...inclusion(0, 1), index: 1 }],
    ['a tree of half a leaf', { ...inclusion(0, 1), size: 1.5 }],
    ['a tree without leaves', { ...inclusion(0, 1), size: 0 }],
    ['a proof in a tree of one leaf', { ...inclusion(0, 1), proof: one }],
  ])('of inclusion is refused: %s', (_, claim) => {
    expect(verifyInclusion(claim)).toBe(false);
  });

  // These hash to the roots that they claim: nothing but their length gives them away.
  const above = (root: Digest): Digest => treeOf([a, root]).rootAt(2);

  it('of inclusion is refused: a proof that goes on above the root', () => {
    for (const [index, size] of [
      [0, 1],
      [2, 3],
      [3, 8],
    ] as const) {
      const claim = inclusion(index, size);
      expect(verifyInclusion({ ...claim, proof: [...claim.proof, a], root: above(claim.root) })).toBe(false);
    }
  });

  it('of consistency is refused: a proof that goes on above the roots', () => {
    for (const [first, second] of [
      [3, 4],
      [3, 7],
      [6, 8],
    ] as const) {
      const claim = consistency(first, second);
      const [firstRoot, secondRoot] = [above(claim.firstRoot), above(claim.secondRoot)];
      expect(verifyConsistency({ ...claim, proof: [...claim.proof, a], firstRoot, secondRoot })).toBe(false);
    }
  });

  it.each([-1, MAX + 1, 0.5, Number.NaN])('is not proved either: %d leaves', (size) => {
    const said = `${size} is not between`;
    expect(() => tree.rootAt(size)).toThrow(said);
    expect(() => tree.inclusionProof(0, size)).toThrow(said);
    expect(() => tree.inclusionProof(size, MAX)).toThrow(said);
    expect(() => tree.consistencyProof(0, size)).toThrow(said);
    expect(() => tree.consistencyProof(size, MAX)).toThrow(said);
  });

  it('is not proved either: a leaf behind the last, a tree without leaves, a beginning longer than the whole', () => {
    expect(() => tree.inclusionProof(5, 5)).toThrow('5 is not between 0 and 4.');
    expect(() => tree.inclusionProof(0, 0)).toThrow('0 is not between 1 and 100.');
    expect(() => tree.consistencyProof(6, 5)).toThrow('6 is not between 0 and 5.');
  });
});

describe('hashing that remembers', () => {
  it('gives what hashing gives, for neighbours and for nodes that begin alike', () => {
    const hashOf = rememberingNodeHash();
    for (let index = 0; index < MAX; index++) {
      const claim = inclusion(index, MAX);
      expect(verifyInclusion(claim, hashOf)).toBe(true);
      expect(verifyInclusion({ ...claim, root: flip(claim.root) }, hashOf)).toBe(false);
    }
    // The left node's first byte is where an answer is remembered.
    const [left, right] = [leafHash(Buffer.from('left')), leafHash(Buffer.from('right'))];
    const answers = [
      [left, right],
      [left, flip(right)],
      [flip(left), flip(right)],
      [left, right],
      [left, right],
    ] as const;
    const fresh = answers.map((pair) => hex(rememberingNodeHash()(...pair)));
    expect(answers.map((pair) => hex(hashOf(...pair)))).toEqual(fresh);
    expect(new Set(fresh).size).toBe(3);
    // Asked again, the same buffer comes back.
    expect(hashOf(left, right)).toBe(hashOf(left, right));
  });
});

describe('consistency', () => {
  it('holds for all pairs of sizes to 100', () => {
    for (let second = 0; second <= MAX; second++) {
      for (let first = 0; first <= second; first++) {
        if (!verifyConsistency(consistency(first, second))) expect.fail(`${first} and ${second}`);
      }
    }
  });

  it('refuses every changed claim', () => {
    let refused = 0;
    for (let second = 2; second <= MAX; second += 3) {
      for (let first = 1; first < second; first++) {
        const claim = consistency(first, second);
        const changed = [
          { ...claim, first: second, second: first },
          { ...claim, firstRoot: flip(claim.firstRoot) },
          { ...claim, secondRoot: flip(claim.secondRoot) },
          { ...claim, proof: [...claim.proof, claim.secondRoot] },
          { ...claim, proof: claim.proof.slice(0, -1) },
          { ...claim, proof: claim.proof.slice(1) },
          { ...claim, proof: [] },
          ...claim.proof.map((_, at) => ({ ...claim, proof: withFlipped(claim.proof, at) })),
        ];
        for (const each of changed) {
          refused += 1;
          if (verifyConsistency(each)) expect.fail(`${first} and ${second}: ${JSON.stringify(each)}`);
        }
      }
    }
    expect(refused).toBeGreaterThan(10_000);
  });

  it('shows a log that was rewritten: the old root does not begin the new tree', () => {
    const forged = treeOf(leaves.map((leaf, index) => (index === 3 ? flip(leaf) : leaf)));
    const claim = { ...consistency(10, 50), secondRoot: forged.rootAt(50) };
    expect(verifyConsistency({ ...claim, proof: forged.consistencyProof(10, 50) })).toBe(false);
  });
});

function inclusion(index: number, size: number) {
  const leaf = leaves[index] ?? EMPTY_ROOT;
  return { index, size, leaf, proof: tree.inclusionProof(index, size), root: tree.rootAt(size) };
}

function consistency(first: number, second: number) {
  return {
    first,
    second,
    firstRoot: tree.rootAt(first),
    secondRoot: tree.rootAt(second),
    proof: tree.consistencyProof(first, second),
  };
}

function flip(digest: Digest): Digest {
  const copy = Buffer.from(digest);
  copy[7] = (copy[7] ?? 0) ^ 0x10;
  return copy;
}

function withFlipped(proof: readonly Digest[], at: number): Digest[] {
  return proof.map((digest, index) => (index === at ? flip(digest) : digest));
}

function hex(digest: Digest): string {
  return digest.toString('hex');
}
