package java.lang;

import jdk.internal.misc.Unsafe;

/**
 * Identity hashes that follow from the name of an object's class and the number of objects of this class that had one
 * before. HotSpot's own follow from a generator of each thread, whose seed depends on the other threads. Classes and enum
 * constants are counted by their names, strings and byte arrays by their content, so that one more does not change the
 * hashes of the others.
 *
 * <p>A hash is stored where HotSpot 25 looks for it: 31 bits of the mark word, from bit 11 (markWord.hpp). While
 * the object has a monitor, the mark word is the first word of that; options of the builder keep monitors for ever.
 */
final class IdentityHash {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final int SHIFT = 11;
    private static final long BITS = 0x7fffffffL;
    private static final long LOCK_BITS = 3;
    private static final long INFLATED = 2;
    /** The hash of HotSpot with -XX:hashCode=2, for example of a class that it links; it counts as none. */
    private static final int HOTSPOT = 1;

    private static final int MAX_LENGTH = 256;

    private static final Object LOCK = new Object();
    /** Open addressing: hashes of names, and the number of objects at the same index. */
    private static int[] keys = new int[1 << 12];

    private static int[] counts = new int[1 << 12];
    private static int used;

    private IdentityHash() {}

    static int ofNullable(Object object) {
        return object == null ? 0 : of(object);
    }

    static int of(Object object) {
        long mark = UNSAFE.getLongVolatile(object, 0L);
        int hash = (int) (mark >>> SHIFT & BITS);
        return hash > HOTSPOT && (mark & LOCK_BITS) != INFLATED ? hash : slow(object);
    }

    private static int slow(Object object) {
        int drawn = 0;
        while (true) {
            long mark = UNSAFE.getLongVolatile(object, 0L);
            boolean inflated = (mark & LOCK_BITS) == INFLATED;
            Object base = inflated ? null : object;
            long address = inflated ? mark ^ INFLATED : 0L;
            long word = inflated ? UNSAFE.getLongVolatile(null, address) : mark;
            int hash = (int) (word >>> SHIFT & BITS);
            if (hash > HOTSPOT) {
                return hash;
            }
            if (drawn == 0) {
                drawn = next(object);
            }
            if (UNSAFE.compareAndSetLong(base, address, word, word & ~(BITS << SHIFT) | (long) drawn << SHIFT)) {
                return drawn;
            }
        }
    }

    private static int next(Object object) {
        String name = object.getClass().getName();
        int key = hash(name, 1);
        if (name.startsWith("jdk.vm.ci.hotspot.HotSpotResolved")) {
            // Created again after a garbage collection: the hash follows from the name alone.
            return mix(key * 31 + object.hashCode());
        }
        if (object instanceof Class<?> type) {
            key = hash(type.getName(), key);
        } else if (object instanceof Enum<?> constant) {
            key = hash(constant.name(), key);
        } else if (object instanceof String text) {
            key = hash(text, key);
        } else if (object instanceof byte[] bytes) {
            key = hash(bytes, key);
        }
        return mix(key + number(key) * 0x9e3779b9);
    }

    /** The finalizer of MurmurHash3, without sign and above HotSpot's. */
    private static int mix(int key) {
        int mixed = key;
        mixed = (mixed ^ mixed >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        mixed = (mixed ^ mixed >>> 16) & Integer.MAX_VALUE;
        return mixed <= HOTSPOT ? HOTSPOT + 1 : mixed;
    }

    /** Not String.hashCode, whose helpers must not be initialized before the JVM is. */
    private static int hash(String text, int start) {
        int hash = start;
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            hash = hash * 31 + text.charAt(i);
        }
        return hash;
    }

    private static int hash(byte[] bytes, int start) {
        int hash = start;
        for (int i = 0; i < bytes.length && i < MAX_LENGTH; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }

    private static int number(int key) {
        synchronized (LOCK) {
            if (used * 2 > keys.length) {
                grow();
            }
            int index = index(keys, key);
            if (counts[index] == 0) {
                keys[index] = key;
                used++;
            }
            return counts[index]++;
        }
    }

    private static int index(int[] keys, int key) {
        int index = (key ^ key >>> 16) & keys.length - 1;
        while (keys[index] != 0 && keys[index] != key) {
            index = index + 1 & keys.length - 1;
        }
        return index;
    }

    private static void grow() {
        int[] more = new int[keys.length * 2];
        int[] moreCounts = new int[more.length];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int index = index(more, keys[i]);
                more[index] = keys[i];
                moreCounts[index] = counts[i];
            }
        }
        keys = more;
        counts = moreCounts;
    }
}
