package io.rootstock.evaluation.contamination;

/** 64-bit hashes of units: FNV-1a over the characters of a word, finalized as in MurmurHash3. */
final class UnitHash {
    /** Hash before the first character of a word. */
    static final long FNV_OFFSET = 0xcbf29ce484222325L;

    private static final long FNV_PRIME = 0x100000001b3L;

    private UnitHash() {}

    static long word(char[] letters, int length) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < length; i++) {
            hash = with(hash, letters[i]);
        }
        return mixed(hash);
    }

    /** Adds a character to the hash of a word, which is {@link #mixed} after the last one. */
    static long with(long hash, char letter) {
        return (hash ^ letter) * FNV_PRIME;
    }

    static long character(int codePoint) {
        return mixed(FNV_OFFSET + codePoint * FNV_PRIME);
    }

    /** MurmurHash3's finalizer: each bit of the result depends on all bits of the value. */
    static long mixed(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
