package io.rootstock.encoding.bpe;

/** The tokens of single bytes, as in byte-level BPE. */
final class ByteSymbols implements Symbols {
    private final int[] idsByByte = new int[ByteAlphabet.SIZE];

    ByteSymbols(Vocabulary vocabulary) {
        for (int value = 0; value < idsByByte.length; value++) {
            idsByByte[value] = vocabulary.idOf(value);
        }
    }

    @Override
    public int split(byte[] text, int from, int to, int[] ids, int[] starts) {
        int count = 0;
        for (int i = from; i < to; i++) {
            int id = idsByByte[Byte.toUnsignedInt(text[i])];
            // Dropped as in Hugging Face and llama.cpp: some vocabularies lack rare bytes.
            if (id >= 0) {
                ids[count] = id;
                starts[count++] = i;
            }
        }
        return count;
    }

    @Override
    public int boundary(byte[] text, int from, int index, int to) {
        return Math.min(index, to);
    }
}
