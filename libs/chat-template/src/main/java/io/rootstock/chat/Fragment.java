package io.rootstock.chat;

import java.text.Normalizer;
import java.util.BitSet;

/** A part of a rendered conversation as a tokenizer sees it: a special token, or the text between two of them. */
public sealed interface Fragment {

    /**
     * A special token that the template wrote.
     *
     * @param text its text, such as {@code <|im_end|>}
     * @param answer whether it belongs to an answer
     */
    record Token(String text, boolean answer) implements Fragment {}

    /**
     * Text that is tokenized in one piece, without parsing special tokens.
     *
     * @param text template text and content as rendered, never empty
     * @param answers {@code char} positions that belong to an answer
     */
    record Text(String text, BitSet answers) implements Fragment {
        public Text {
            answers = (BitSet) answers.clone();
        }

        @Override
        public BitSet answers() {
            return (BitSet) answers.clone();
        }

        /** Whether a character in {@code [from, to)} belongs to an answer. */
        public boolean answer(int from, int to) {
            int next = answers.nextSetBit(from);
            return next >= 0 && next < to;
        }

        /** Returns the fragment normalized to Unicode NFC. */
        public Text composed() {
            if (Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
                return this;
            }
            BitSet moved = new BitSet();
            for (int from = answers.nextSetBit(0); from >= 0; from = answers.nextSetBit(answers.nextClearBit(from))) {
                moved.set(composedLength(from), composedLength(answers.nextClearBit(from)));
            }
            return new Text(Normalizer.normalize(text, Normalizer.Form.NFC), moved);
        }

        private int composedLength(int end) {
            return Normalizer.normalize(text.substring(0, end), Normalizer.Form.NFC)
                    .length();
        }
    }
}
