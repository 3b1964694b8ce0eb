package io.rootstock.encoding.bpe;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Keeps one {@link WordEncoder} with its caches per processor, and lends each to one thread at a time. More threads get
 * new encoders, whose caches are empty. Safe for several threads.
 */
final class WordEncoders {
    private final MergeRules rules;
    private final AtomicReferenceArray<WordEncoder> idle =
            new AtomicReferenceArray<>(Runtime.getRuntime().availableProcessors());

    WordEncoders(MergeRules rules) {
        this.rules = rules;
    }

    /** Calls {@code action} with an encoder that no other thread uses. */
    void with(Consumer<WordEncoder> action) {
        WordEncoder encoder = borrow();
        action.accept(encoder);
        // Not given back after an exception: its arrays may be in any state.
        giveBack(encoder);
    }

    private WordEncoder borrow() {
        for (int i = 0; i < idle.length(); i++) {
            WordEncoder encoder = idle.get(i) == null ? null : idle.getAndSet(i, null);
            if (encoder != null) {
                return encoder;
            }
        }
        return new WordEncoder(rules);
    }

    private void giveBack(WordEncoder encoder) {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.get(i) == null && idle.compareAndSet(i, null, encoder)) {
                return;
            }
        }
    }
}
