package io.rootstock.inference.model;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.Fragment;
import io.rootstock.chat.FragmentSplitter;
import io.rootstock.chat.Segment;
import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.llama.LlamaModel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The tokenizer of a loaded model, with its special token rule. Thread-safe. */
public final class ModelTokenizer {
    private final LlamaModel model;
    private final SpecialTokenRule rule;
    private final boolean blankBeforeFirstPart;
    private final boolean addsBlank;
    private final Map<String, Integer> controlTokens;
    private final FragmentSplitter splitter;

    /**
     * @param blankBeforeFirstPart whether a blank is added before the first part of a text only, unless it begins with a
     *     special token or a blank; then llama.cpp must add none
     */
    ModelTokenizer(LlamaModel model, SpecialTokenRule rule, boolean blankBeforeFirstPart) {
        this.model = model;
        this.rule = rule;
        this.blankBeforeFirstPart = blankBeforeFirstPart;
        this.addsBlank = blankBeforeFirstPart
                || written(IntStream.of(model.tokenize("a", false))).startsWith(" ");
        this.controlTokens = model.controlTokens();
        this.splitter = new FragmentSplitter(controlTokens.keySet());
    }

    public int vocabularySize() {
        return model.vocabularySize();
    }

    /** Tokenizes a text without adding tokens. */
    public int[] tokenize(String text, boolean parseSpecial) {
        return model.tokenize(needsBlank(text, parseSpecial) ? " " + text : text, parseSpecial);
    }

    private boolean needsBlank(String text, boolean parseSpecial) {
        return blankBeforeFirstPart
                && !text.isEmpty()
                && !text.startsWith(" ")
                && !text.startsWith(Piece.MARK)
                && !(parseSpecial && controlTokens.keySet().stream().anyMatch(text::startsWith));
    }

    /** The special token rule. */
    public SpecialTokenRule rule() {
        return rule;
    }

    /** Whether generation ends at the token. */
    public boolean ends(int token) {
        return model.endsGeneration(token);
    }

    /** Tokens of an empty document: BOS where the rule adds it, else the token that separates texts. */
    public int[] beginning() {
        int[] tokens = rule.beginning(new int[0]);
        return tokens.length > 0 ? tokens : new int[] {rule.eosId()};
    }

    /** The token before a text that is scored from its first token on: BOS, or EOS if the tokenizer has no BOS. */
    public int prefix() {
        return rule.bosId().orElse(rule.eosId());
    }

    /** The UTF-8 bytes of a token; empty for a special token. */
    public byte[] piece(int token) {
        return model.piece(token);
    }

    /**
     * Returns the text of tokens without special ones and without the blank that a SentencePiece tokenizer adds before a text.
     * Invalid UTF-8 becomes U+FFFD.
     */
    public String text(List<Integer> tokens) {
        String text = written(tokens.stream().mapToInt(Integer::intValue));
        return addsBlank && text.startsWith(" ") ? text.substring(1) : text;
    }

    private String written(IntStream tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> bytes.writeBytes(model.piece(token)));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * Tokenizes a prompt; special tokens in it are parsed.
     *
     * @param addSpecialTokens add BOS and EOS according to the special token rule; a text that begins with BOS gets no
     *     second one
     */
    public int[] promptTokens(String text, boolean addSpecialTokens) {
        int[] tokens = tokenize(text, true);
        if (!addSpecialTokens) {
            return tokens;
        }
        boolean begun =
                rule.addBos() && tokens.length > 0 && tokens[0] == rule.bosId().orElseThrow();
        return rule.text(begun ? Arrays.copyOfRange(tokens, 1, tokens.length) : tokens);
    }

    /** Tokenizes a text that is read whole, as plain text, with BOS and EOS according to the special token rule. */
    public int[] promptTokens(String text) {
        return rule.text(tokenize(text, false));
    }

    /**
     * Tokenizes a conversation exactly as in training: the text between two special tokens of the template in one
     * piece, special tokens in content as plain text, BOS only if the template writes it.
     *
     * @param beginning beginning of the answer in the template's format; may be empty
     */
    public int[] chatTokens(ChatTemplate chat, Conversation conversation, String beginning) {
        List<Segment> segments = new ArrayList<>(chat.render(conversation));
        if (!beginning.isEmpty()) {
            segments.add(new Segment(beginning, Segment.Kind.TEMPLATE, true));
        }
        return chatTokens(segments);
    }

    /** Tokenizes a rendered conversation, as {@link #chatTokens(ChatTemplate, Conversation, String)} does. */
    public int[] chatTokens(List<Segment> segments) {
        IntStream.Builder tokens = IntStream.builder();
        boolean first = true;
        for (Fragment fragment : splitter.split(segments)) {
            switch (fragment) {
                case Fragment.Token token -> tokens.add(controlTokens.get(token.text()));
                case Fragment.Text text ->
                    IntStream.of(first ? tokenize(text.text(), false) : model.tokenize(text.text(), false))
                            .forEach(tokens::add);
            }
            first = false;
        }
        return tokens.build().toArray();
    }

    /** Tokenizes a text to classify as the rows that the classifier was trained on, truncated to its maximum length. */
    public PoolingInput classified(String text, Classifier classifier) {
        int[] tokens = tokenize(text, false);
        int most = classifier.maxTokens();
        int[] row = classifier.head().withEos() ? rule.classifiedWithEos(tokens, most) : rule.classified(tokens, most);
        int added = rule.overhead() + (classifier.head().withEos() && !rule.addEos() ? 1 : 0);
        return new PoolingInput(row, tokens.length + added > most);
    }
}
