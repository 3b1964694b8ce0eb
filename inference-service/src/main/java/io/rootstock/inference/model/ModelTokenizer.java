package io.rootstock.inference.model;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.Fragment;
import io.rootstock.chat.FragmentSplitter;
import io.rootstock.chat.Segment;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.llama.LlamaModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The tokenizer of a loaded model, with its special token rule. Thread-safe. */
public final class ModelTokenizer {
    private final LlamaModel model;
    private final SpecialTokenRule rule;
    private final Map<String, Integer> controlTokens;
    private final FragmentSplitter splitter;

    ModelTokenizer(LlamaModel model, SpecialTokenRule rule) {
        this.model = model;
        this.rule = rule;
        this.controlTokens = model.controlTokens();
        this.splitter = new FragmentSplitter(controlTokens.keySet());
    }

    public int vocabularySize() {
        return model.vocabularySize();
    }

    /** Tokenizes a text without adding tokens. */
    public int[] tokenize(String text, boolean parseSpecial) {
        return model.tokenize(text, parseSpecial);
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
     * Tokenizes a prompt; special tokens in it are parsed.
     *
     * @param addSpecialTokens add BOS and EOS according to the special token rule; a text that begins with BOS gets no
     *     second one
     */
    public int[] promptTokens(String text, boolean addSpecialTokens) {
        int[] tokens = model.tokenize(text, true);
        if (!addSpecialTokens) {
            return tokens;
        }
        boolean begun =
                rule.addBos() && tokens.length > 0 && tokens[0] == rule.bosId().orElseThrow();
        return rule.text(begun ? Arrays.copyOfRange(tokens, 1, tokens.length) : tokens);
    }

    /** Tokenizes a text that is read whole, as plain text, with BOS and EOS according to the special token rule. */
    public int[] promptTokens(String text) {
        return rule.text(model.tokenize(text, false));
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
        for (Fragment fragment : splitter.split(segments)) {
            switch (fragment) {
                case Fragment.Token token -> tokens.add(controlTokens.get(token.text()));
                case Fragment.Text text ->
                    IntStream.of(model.tokenize(text.text(), false)).forEach(tokens::add);
            }
        }
        return tokens.build().toArray();
    }

    /** Tokenizes a text to classify as the rows that the classifier was trained on, truncated to its maximum length. */
    public PoolingInput classified(String text, Classifier classifier) {
        int[] tokens = model.tokenize(text, false);
        int most = classifier.maxTokens();
        int[] row = classifier.head().withEos() ? rule.classifiedWithEos(tokens, most) : rule.classified(tokens, most);
        int added = rule.overhead() + (classifier.head().withEos() && !rule.addEos() ? 1 : 0);
        return new PoolingInput(row, tokens.length + added > most);
    }
}
