"""Writes the frozen tokenizers of this folder with sentencepiece and tokenizers (PyPI): generate.py FOLDER DOCS.

DOCS is the project's folder docs/decisions, whose text the model is trained on.
"""
import json, pathlib, random, sys
import sentencepiece as spm
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

out, docs = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
MARK = "\u2581"
lines = [line for file in sorted(docs.glob("00*.md")) for line in file.read_text("utf8").splitlines()]
lines += ["    if (a == b) {", "        return a;", "    }"] * 20
spm.SentencePieceTrainer.train(
    sentence_iterator=iter(lines), model_prefix=str(out / "tokenizer"), model_type="bpe", vocab_size=480, byte_fallback=True,
    normalization_rule_name="identity", remove_extra_whitespaces=False, allow_whitespace_only_pieces=True,
    character_coverage=0.999, num_threads=1, minloglevel=2)
(out / "tokenizer.vocab").unlink()
pieces = spm.SentencePieceProcessor(model_file=str(out / "tokenizer.model"))
size = pieces.get_piece_size()
vocab = {pieces.id_to_piece(i): i for i in range(size)}
scores = {pieces.id_to_piece(i): pieces.get_score(i) for i in range(size)}

# The merges as transformers' generate_merges lists them.
merges = [(text[:i], text[i:], score) for text, score in scores.items() for i in range(1, len(text)) if text[:i] in vocab and text[i:] in vocab]
merges.sort(key=lambda merge: (merge[2], len(merge[0]), len(merge[1])), reverse=True)
fast = Tokenizer(models.BPE(vocab=vocab, merges=[merge[:2] for merge in merges], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
fast.normalizer = normalizers.Sequence([normalizers.Prepend(MARK), normalizers.Replace(" ", MARK)])
fast.decoder = decoders.Sequence([decoders.Replace(MARK, " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
fast.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in ("<unk>", "<s>", "</s>")])
fast.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
fast.save(str(out / "tokenizer.json"))
CHAT = ("{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
        "{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}")
config = {"add_bos_token": True, "add_eos_token": False, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": None,
          "clean_up_tokenization_spaces": False, "legacy": True, "tokenizer_class": "LlamaTokenizer", "chat_template": CHAT}
(out / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", "utf8")

# The form of Mistral 7B v0.3: a blank before the first part only.
first = Tokenizer.from_file(str(out / "tokenizer.json"))
first.normalizer, first.pre_tokenizer = None, pre_tokenizers.Metaspace(MARK, "first", split=False)
state = json.loads(first.to_str())
state["added_tokens"] = []
plain = Tokenizer.from_str(json.dumps(state | {"post_processor": None}))

random.seed(154)
PARTS = ["the token", " ", "  ", MARK, "<s>", "\n", "\t", "\u0001", "decision", "\uc548\ub155", "\U0001f642", "e\u0301", "    return a;", "<0x41>", "</s>", "x", "."]
CASES = ["", " ", "  ", "   ", "a", " a", "a ", "a  b", "    a", "\n", "\n\n", "\t x\n\n y", MARK, "a" + MARK + "b", MARK + MARK + "x",
         "The quick brown fox jumps over the lazy dog.", "Der Prüfer läuft über die Straße; größer, äußerst süß.",
         "Où est la bibliothèque ? L'été dernier, à Noël, ça coûtait 5 €.", "안녕하세요, 이것은 한국어 문장입니다.", "日本語のテキスト",
         "public static void main(String[] args) {\n\treturn;\n}\n", "for (int i = 0; i < n; i++) {\n        x[i] += 1;\n}",
         "\U0001f642\U0001f469\u200d\U0001f4bb \U0001f980!", "\u0001\u0002\u001f\u007f\u0080", "\u00a0x\u2003y\u200b", "e\u0301\u0301", "<s> x </s>",
         "<unk>", "<0x0A>", "[INST] Hello [/INST]", " " * 40, "x" * 100, "the the the " * 20, "0123456789", "\ufffd", "\r\n", "\ufeffa"]
CASES += ["".join(random.choice(PARTS) for _ in range(random.randint(1, 25))) for _ in range(120)]
with open(out / "ids.jsonl", "w", encoding="ascii") as file:
    for text in CASES:
        ids = pieces.encode(text)
        parsed = fast.encode(text, add_special_tokens=False).ids
        if not any(special in text for special in ("<s>", "</s>", "<unk>")):
            assert parsed == ids, (text, parsed, ids)
        file.write(json.dumps({"text": text, "ids": ids, "parsed": parsed, "first": plain.encode(text).ids,
                               "first_parsed": first.encode(text, add_special_tokens=False).ids, "decoded": fast.decode(ids, skip_special_tokens=True)}) + "\n")
