"""Peers of bench/parity/smollm: a model in transformers (a Hugging Face folder) and in llama.cpp (a GGUF file)."""

from pathlib import Path


def open_peer(model, tokens):
    """The peer that reads a folder or a file; it makes at most ``tokens`` tokens."""
    return Transformers(model, tokens) if Path(model).is_dir() else LlamaCpp(model, tokens)


class Transformers:
    """transformers on a folder, in float32."""

    name = "transformers"

    def __init__(self, folder, tokens):
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.convert_slow_tokenizer import bytes_to_unicode

        self.torch, self.tokens = torch, tokens
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        self.letters = bytes_to_unicode()

    def chat_tokens(self, messages):
        """Token ids of a rendered conversation with the header of the answer."""
        return self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)["input_ids"]

    def text_tokens(self, text):
        """Token ids of a text; special tokens in it are parsed, BOS is added as the folder says."""
        return self.tokenizer(text).input_ids

    def text(self, tokens):
        """The text of tokens, without special tokens."""
        return self.tokenizer.decode(tokens, skip_special_tokens=True)

    def id(self, token):
        """Id of a token as /v1/completions writes it: its text, or bytes:\\xe2\\x82."""
        if token in self.tokenizer.get_added_vocab():
            return self.tokenizer.get_added_vocab()[token]
        return self.tokenizer.convert_tokens_to_ids("".join(self.letters[byte] for byte in spelled(token)))

    def generate(self, prompt):
        """Greedy token ids, the one that ends the text included."""
        with self.torch.inference_mode():
            ids = self.torch.tensor([prompt])
            made = self.model.generate(
                ids, attention_mask=self.torch.ones_like(ids), max_new_tokens=self.tokens, do_sample=False)
        return made[0, len(prompt):].tolist()

    def logprobs(self, tokens):
        """Log-probabilities [T, V] of the token that follows each, the softmax in double precision."""
        with self.torch.inference_mode():
            logits = self.model(self.torch.tensor([tokens])).logits[0].double()
        return self.torch.log_softmax(logits, -1).numpy()


class LlamaCpp:
    """llama.cpp on a GGUF file, by llama-cpp-python; keys and values in F32."""

    name = "llama.cpp"

    def __init__(self, file, tokens):
        import llama_cpp
        import numpy

        self.numpy, self.tokens = numpy, tokens
        self.model = llama_cpp.Llama(
            model_path=str(file), n_ctx=2048, n_batch=2048, logits_all=True, verbose=False,
            type_k=llama_cpp.GGML_TYPE_F32, type_v=llama_cpp.GGML_TYPE_F32)
        self.adds_bos = llama_cpp.llama_vocab_get_add_bos(self.model._model.vocab)
        self.ends = [token for token in range(self.model.n_vocab())
                     if llama_cpp.llama_vocab_is_eog(self.model._model.vocab, token)]
        self.ids = {}
        for token in range(self.model.n_vocab()):
            self.ids.setdefault(self.model.detokenize([token], special=True), token)
        end = self.model.detokenize([self.model.token_eos()], special=True).decode()
        begin = self.model.detokenize([self.model.token_bos()], special=True).decode()
        self.render = llama_cpp.llama_chat_format.Jinja2ChatFormatter(
            self.model.metadata["tokenizer.chat_template"], end, begin)

    def chat_tokens(self, messages):
        return self.model.tokenize(self.render(messages=messages).prompt.encode(), add_bos=False, special=True)

    def text_tokens(self, text):
        return self.model.tokenize(text.encode(), add_bos=self.adds_bos, special=True)

    def text(self, tokens):
        # Behind another token: the first of a text would lose a leading space.
        return b"".join(self.model.detokenize([token]) for token in tokens).decode(errors="replace")

    def id(self, token):
        return self.ids[spelled(token)]

    def generate(self, prompt):
        made = []
        self.model.reset()
        self.model.eval(prompt)
        while len(made) < self.tokens:
            made.append(int(self.numpy.argmax(self.model.scores[self.model.n_tokens - 1])))
            if made[-1] in self.ends:
                break
            self.model.eval(made[-1:])
        return made

    def logprobs(self, tokens):
        self.model.reset()
        self.model.eval(tokens)
        logits = self.model.scores[:len(tokens)].astype(self.numpy.float64)
        logits -= logits.max(-1, keepdims=True)
        return logits - self.numpy.log(self.numpy.exp(logits).sum(-1, keepdims=True))


def spelled(token):
    """Bytes of a token as /v1/completions writes it."""
    if token.startswith("bytes:\\x"):
        return bytes.fromhex(token[len("bytes:"):].replace("\\x", ""))
    return token.encode()
