package io.rootstock.inference.engine.scoring;

import io.rootstock.inference.engine.adapter.AdapterUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Texts that are decoded together, with one adapter. */
final class Pack {
    /** Maximum number of texts. */
    static final int MAX_TEXTS = 63;
    /**
     * Maximum number of tokens to decode, except behind a long first text. A pack takes two micro-batches: with larger
     * ones, the clients whose texts are in a pack all wait for its last text, and the next pack has few texts.
     */
    private static final int MAX_TOKENS = 256;
    /** Maximum number of tokens to decode behind the first text, such as continuations of its long prompt. */
    static final int MAX_BEHIND_FIRST = 128;

    private final TokenTree tree;
    private final Optional<AdapterUse> adapter;
    private final List<PackedText> texts = new ArrayList<>();
    private int limit = MAX_TOKENS;
    private boolean full;

    /** @param retained tokens in the KV cache that texts may begin with */
    Pack(Optional<AdapterUse> adapter, int... retained) {
        this.adapter = adapter;
        this.tree = new TokenTree(retained);
    }

    /**
     * Takes the next texts of a request while they fit; the first one always fits. Texts of another adapter never do.
     *
     * @return number of taken texts
     */
    int take(ScoringJob job) {
        if (!job.request().adapter().equals(adapter)) {
            return 0;
        }
        int taken = 0;
        while (!full && job.waiting() > 0) {
            ScoringRequest.Text text = job.request().texts().get(job.next());
            PackedText packed =
                    new PackedText(job, job.next(), job.request().tokens(text), text.scored(), texts.size());
            int more = tree.missing(packed.tokens(), packed.outputsFrom());
            if (texts.isEmpty()) {
                limit = Math.max(MAX_TOKENS, more + MAX_BEHIND_FIRST);
            }
            full = texts.size() == MAX_TEXTS || tree.nodes().size() + more > limit;
            if (!full) {
                tree.insert(packed);
                texts.add(packed);
                job.take();
                taken++;
            }
        }
        return taken;
    }

    boolean full() {
        return full;
    }

    Optional<AdapterUse> adapter() {
        return adapter;
    }

    TokenTree tree() {
        return tree;
    }

    List<PackedText> texts() {
        return texts;
    }

    /** Whether every request of the pack has ended. */
    boolean ended() {
        return texts.stream().allMatch(text -> text.job().ended());
    }
}
