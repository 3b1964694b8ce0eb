package io.rootstock.tokenizer.catalogue;

import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.SpecialToken;

/** Describes tokenizers as resources. */
public final class TokenizerResources {
    private TokenizerResources() {}

    /** Returns a resource with the fields that derive from the tokenizer's files. */
    public static io.rootstock.tokenizer.v1.Tokenizer.Builder describe(Tokenizer tokenizer) {
        io.rootstock.tokenizer.v1.Tokenizer.Builder resource = io.rootstock.tokenizer.v1.Tokenizer.newBuilder()
                .setVocabularySize(tokenizer.size())
                .setAddBos(tokenizer.rule().addBos())
                .setAddEos(tokenizer.rule().addEos())
                .setPreTokenizer(tokenizer
                        .byteLevel()
                        .map(codec -> preTokenizer(codec.splitPattern()))
                        .orElse(PreTokenizer.PRE_TOKENIZER_SENTENCEPIECE))
                .setChatTemplate(tokenizer.chatTemplate());
        tokenizer
                .specialTokens()
                .forEach(token -> resource.addSpecialTokens(
                        SpecialToken.newBuilder().setText(token.text()).setId(token.id())));
        return resource;
    }

    private static PreTokenizer preTokenizer(SplitPattern pattern) {
        return switch (pattern) {
            case GPT2 -> PreTokenizer.PRE_TOKENIZER_GPT2;
            case CL100K -> PreTokenizer.PRE_TOKENIZER_CL100K;
            case LLAMA3 -> PreTokenizer.PRE_TOKENIZER_LLAMA3;
            case QWEN2 -> PreTokenizer.PRE_TOKENIZER_QWEN2;
            case SMOLLM -> PreTokenizer.PRE_TOKENIZER_SMOLLM;
            case TEKKEN -> PreTokenizer.PRE_TOKENIZER_TEKKEN;
            case O200K -> PreTokenizer.PRE_TOKENIZER_O200K;
        };
    }
}
