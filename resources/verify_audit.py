#!/usr/bin/env python3
"""Verifies an audit export of Prompter without Prompter. Standard library only.

    python3 verify_audit.py EXPORT.jsonl [VERIFIER_KEY]

Written from RFC 9162 (Merkle trees), RFC 8032 (Ed25519) and C2SP tlog-checkpoint and signed-note. It checks every leaf,
every record against its leaf, every inclusion proof, the root at every checkpoint and every signature. With
VERIFIER_KEY, which you noted earlier, the last checkpoint must be signed by that key. A backup that was restored goes on
as another log with another key; each restore is printed. Not checked: record_hmac, whose key never leaves the keychain.
Exit code 0 when everything holds, 1 otherwise.
"""
import base64
import binascii
import functools
import hashlib
import json
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def sha256(data):
    return hashlib.sha256(data).digest()


# Neighbouring entries share most of the way to the root.
@functools.lru_cache(maxsize=256)
def node(left, right):
    return sha256(b"\x01" + left + right)


# Ed25519, RFC 8032 section 5.1; points in extended coordinates.
def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_holds(public, message, signature):
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    p, q = multiply(s, BASE), add(r, multiply(h, a))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def open_note(note, verifier_key, origin):
    """(size, root) of a checkpoint whose signature by this key holds, or None."""
    body, separator, signatures = note.rpartition("\n\n")
    name, key_id, blob = verifier_key.split("+", 2)
    key, body = decode(blob), body + "\n"
    if not separator or name != origin or len(key) != 33 or key[0] != 1:
        return None
    if sha256(name.encode() + b"\n" + key)[:4].hex() != key_id:
        return None
    lines = body.split("\n")
    if len(lines) != 4 or lines[0] != origin or not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        return None
    signatures = signatures.split("\n")
    if signatures.pop() != "" or not all(line.startswith("\u2014 ") for line in signatures):
        return None
    for line in signatures:
        if line.startswith("\u2014 " + name + " "):
            data = decode(line.rsplit(" ", 1)[1])
            if data[:4].hex() == key_id and ed25519_holds(key[1:], body.encode(), data[4:]):
                return int(lines[1]), decode(lines[2])
    return None


def included(index, size, leaf, proof, root):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    place, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            current = node(sibling, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = node(current, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and current == root


def root_of(edge):
    if not edge:
        return sha256(b"")
    result = edge[-1]
    for left in reversed(edge[:-1]):
        result = node(left, result)
    return result


# Entries that say how the same thing stands: only a later one of these excuses a missing record.
STATES = {"result": "run", "retry": "run", "budget": "budget", "budget_removed": "budget", "connection_key": "connection_key"}


def decode(text):
    """Base64 in its one spelling."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 with leftover bits")
    return data


def verify(lines, pinned=None):
    """The problems of an export in order, how many entries it has, its restores. Holds one line at a time."""
    problems, checkpoints, restores, edge, size, holds_to, rewritten = [], [], [], [], 0, 0, False
    roots, waiting, signed, at_head = {}, {}, None, True
    lines = (line.rstrip("\n") for line in lines)
    lines = (line for line in lines if line)
    header = json.loads(next(lines, "null")) or {}
    if header.get("kind") != "header" or header.get("format") != "prompter-audit/1":
        return ["the first line is not the header of an audit export"], 0, []
    logs = [(item["log"], item["to"]) for item in header.get("continues", [])]

    def log_at(entries):
        return next((log for log, to in logs if entries <= to), header["origin"])

    def end_head():
        nonlocal signed
        opened = []
        for number, item in enumerate(checkpoints, 1):
            origin = item["note"].split("\n", 1)[0]
            opened.append(open_note(item["note"], item["verifier_key"], origin))
            if opened[-1] is None or origin != log_at(opened[-1][0]):
                opened[-1] = None
                problems.append(f"the signature of checkpoint {number} is not valid")
        sizes = [found[0] for found in opened if found]
        if sizes != sorted(sizes):
            problems.append("the checkpoints are not in order")
        roots.update(found for found in opened if found)
        signed = opened[-1] if opened else None
        if signed is None:
            problems.append("no checkpoint that covers the whole export could be checked")
        elif signed[0] != header["size"]:
            problems.append(f"the header says {header['size']} entries, the last checkpoint {signed[0]}")
        if pinned and (not checkpoints or checkpoints[-1]["verifier_key"] != pinned):
            since = " (a backup was restored since, so a new key signs)" if logs else ""
            problems.append("the last checkpoint is not signed by the expected key" + since)

    def compare():
        # After entries that were rewritten no root fits, so later ones say nothing about the entries between them.
        nonlocal holds_to, rewritten
        root = roots.pop(size, None)
        if root is None or rewritten:
            return
        if root != root_of(edge):
            rewritten = True
            problems.append(f"one of the entries {holds_to + 1} to {size} was rewritten: they do not lead to the signed root")
        holds_to = size

    for number, line in enumerate(lines, 2):
        item = json.loads(line)
        if item["kind"] == "checkpoint" and at_head:
            checkpoints.append(item)
            continue
        if item["kind"] != "entry":
            problems.append(f"line {number} is out of place")
            continue
        if at_head:
            at_head = False
            end_head()
            compare()
        seq, leaf = item["seq"], json.loads(item["leaf"])
        name = f"entry {seq}: the {leaf['record_type'].replace('_', ' ')} {leaf['record_id']}"
        if seq != size + 1:
            problems.append(f"{name} is where entry {size + 1} belongs")
        digest = sha256(b"\x00" + item["leaf"].encode())
        current, rest = digest, size
        while rest & 1:
            current, rest = node(edge.pop(), current), rest >> 1
        edge.append(current)
        size += 1
        state = STATES.get(leaf["record_type"])
        subject = None if state is None else (state, leaf["record_id"])
        for early_name, early_subject in waiting.pop(seq, []):
            if early_subject != subject:
                problems.append(f"{early_name} is missing")
        record, by = item["record"], item["superseded_by"]
        if record is None:
            if subject is None or by is None or by <= seq:
                problems.append(f"{name} is missing")
            else:
                waiting.setdefault(by, []).append((name, subject))
        elif sha256(record.encode()).hex() != leaf["content_sha256"]:
            problems.append(f"{name} was changed")
        elif leaf["record_type"] == "answer":
            if sha256(decode(item["bytes"] or "")).hex() != json.loads(record)["bytes_sha256"]:
                problems.append(f"{name}: its bytes were changed")
        elif leaf["record_type"] == "restored":
            restores.append(json.loads(record))
            if restores[-1].get("continues_entries", seq - 1) != seq - 1:
                problems.append(f"{name} says that {restores[-1]['continues_entries']} entries came before it")
        if signed and not included(seq - 1, signed[0], digest, [decode(sibling) for sibling in item["proof"]], signed[1]):
            problems.append(f"{name}: its proof does not lead to the signed root")
        compare()
    if at_head:
        end_head()
        compare()
    began = [restore for restore in restores if restore.get("log")]
    if logs != [(each["continues_log"], each["continues_entries"]) for each in began if each["continues_log"] not in (None, each["log"])]:
        problems.append("the header and the restore entries name different logs")
    elif began and began[-1]["log"] != header["origin"]:
        problems.append("the last restore began a log other than the one in the header")
    for early in waiting.values():
        problems.extend(f"{name} is missing" for name, _ in early)
    for at in roots:
        problems.append(f"a checkpoint covers {at} entries, but there are {size}: some are missing")
    if signed and signed[0] < size:
        problems.append(f"entries after {signed[0]} are not covered by the last checkpoint")
    return problems, size, restores


def in_words(error):
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    if isinstance(error, json.JSONDecodeError):
        return "a line of it is not JSON"
    if isinstance(error, KeyError):
        return f"the field {error.args[0]!r} is missing"
    return "a field has a value that it cannot have"


def main(arguments):
    if not 2 <= len(arguments) <= 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[1], encoding="utf-8", newline="\n") as file:
            problems, size, restores = verify(file, arguments[2] if len(arguments) > 2 else None)
    except OSError as error:
        print(f"NOT VERIFIED: {arguments[1]} cannot be read: {error.strerror}. Give the path of an audit export.")
        return 1
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        problems, size, restores = [f"the file is not an audit export: {in_words(error)}"], 0, []
    for restore in restores:
        at, file, after = (restore.get(key) for key in ("restored_at", "from_file", "continues_entries"))
        print(f"RESTORED {at!r} from {file!r}: everything newer in the store was given up, and the log continues after entry {after!r}")
    for problem in problems[:20]:
        print(f"BROKEN {problem}")
    print(f"{size} entries verified" if not problems else f"NOT VERIFIED: {size} entries, problems: {len(problems)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
