"""Writes the frozen references of this folder with sentencepiece and tokenizers (PyPI): generate.py FOLDER."""
import json, random, sys, pathlib
import sentencepiece as spm, tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, decoders, processors, trainers, AddedToken

out = pathlib.Path(sys.argv[1])
random.seed(15)
SYLLABLES = ["ka", "to", "mi", "ren", "sol", "the", "ing", "er", "qu", "ea", "über", "ß", "né", "ль", "го", "안녕", "하세", "요", "日本", "語"]
def word(): return "".join(random.choice(SYLLABLES) for _ in range(random.randint(1, 4)))
def sentence(): return " ".join(word() for _ in range(random.randint(3, 12))) + random.choice([".", "!", "?", ",", "\n", "  "])
LINES = [sentence().replace("\n", "") for _ in range(3000)]
(out / "text.txt").write_text("\n".join(LINES[:400]) + "\n", encoding="utf8")
CASES = ["", " ", "  ", "a", " a", "a ", "a  b", "\n", "\t x\n\n y", "hello <mask> world", "<s> x </s>", "<unk>", "<0x41>", "▁", "a▁b", "▁▁x", "<mask>", "x<mask><mask>y", "日本語 안녕하세요", "🦀 crab", "e\u0301", "\u00a0x\u2003y", "x" * 200, "ab" * 300, " ".join(["kato"] * 50), "카토 미렌", "Ünïcode ßtraße", "тест", "<", "<ma", "<mask", "<mask>>", "\u0000", "tab\tkato", "0123456789", "(){}[];=+"]
CASES += [sentence() for _ in range(60)]
CASES += ["".join(random.choice(["ka", " ", "▁", "<mask>", "語", "🙂", "\n", "x", "ß", "  ", "the"]) for _ in range(random.randint(1, 40))) for _ in range(150)]
CASES += ["".join(random.choice(["kato", "ren", "the", "ing", "q"]) for _ in range(1500))]

def sentencepiece(name, **options):
    prefix = str(out / name)
    spm.SentencePieceTrainer.train(sentence_iterator=iter(LINES), model_prefix=prefix, model_type="bpe", minloglevel=2, num_threads=1, **options)
    pathlib.Path(prefix + ".vocab").unlink()
    p = spm.SentencePieceProcessor(model_file=prefix + ".model")
    with open(prefix + ".jsonl", "w", encoding="utf8") as f:
        for text in CASES:
            ids = p.encode(text)
            f.write(json.dumps({"text": text, "ids": ids, "decoded": p.decode(ids)}, ensure_ascii=True) + "\n")

identity = dict(normalization_rule_name="identity")
sentencepiece("llama", vocab_size=600, byte_fallback=True, remove_extra_whitespaces=False, user_defined_symbols=["<mask>", "  "], **identity)
sentencepiece("unknown", vocab_size=200, character_coverage=0.98, remove_extra_whitespaces=True, **identity)
sentencepiece("plain", vocab_size=500, byte_fallback=True, add_dummy_prefix=False, remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, split_by_whitespace=False, **identity)

def hugging_face(name, normalizer, pre_tokenizer, decoder, post_processor=None, **options):
    p = spm.SentencePieceProcessor(model_file=str(out / "llama.model"))
    pieces = [p.id_to_piece(i) for i in range(p.get_piece_size()) if p.id_to_piece(i) not in ("<mask>", "  ")]
    vocab = {piece: i for i, piece in enumerate(pieces)}
    merges = []
    for piece in pieces:
        for i in range(1, len(piece)):
            if piece[:i] in vocab and piece[i:] in vocab:
                merges.append((piece[:i], piece[i:], vocab[piece]))
    merges = [(a, b) for a, b, _ in sorted(merges, key=lambda m: (m[2], vocab[m[0]], vocab[m[1]]))]
    t = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, **options))
    t.normalizer, t.pre_tokenizer, t.decoder = normalizer, pre_tokenizer, decoder
    t.add_special_tokens([AddedToken(x, normalized=False, special=True) for x in ("<unk>", "<s>", "</s>")])
    t.add_tokens([AddedToken("<mask>", normalized=False)])
    if post_processor: t.post_processor = post_processor
    t.save(str(out / (name + ".json")))
    with open(out / (name + ".jsonl"), "w", encoding="utf8") as f:
        for text in CASES:
            ids = t.encode(text).ids
            f.write(json.dumps({"text": text, "ids": ids, "decoded": t.decode(ids, skip_special_tokens=True)}, ensure_ascii=True) + "\n")

mark = "▁"
llama2 = decoders.Sequence([decoders.Replace(mark, " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
gemma = decoders.Sequence([decoders.Replace(mark, " "), decoders.ByteFallback(), decoders.Fuse()])
bos = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
hugging_face("hf-llama2", normalizers.Sequence([normalizers.Prepend(mark), normalizers.Replace(" ", mark)]), None, llama2, bos, byte_fallback=True)
hugging_face("hf-metaspace", None, pre_tokenizers.Metaspace(mark, "first", split=False), llama2, bos, byte_fallback=True)
hugging_face("hf-metaspace-split", None, pre_tokenizers.Metaspace(mark, "always", split=True), llama2, None, byte_fallback=False)
hugging_face("hf-gemma", normalizers.Replace(" ", mark), pre_tokenizers.Split(" ", "merged_with_previous"), gemma, None, byte_fallback=True)

t = Tokenizer(models.BPE())
t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
t.train_from_iterator([line + "\n" for line in LINES[:400]], trainers.BpeTrainer(vocab_size=900, min_frequency=2, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
model = json.loads(t.to_str())["model"]
(out / "merges.txt").write_text("\n".join(" ".join(m) if isinstance(m, list) else m for m in model["merges"]) + "\n", encoding="utf8")
