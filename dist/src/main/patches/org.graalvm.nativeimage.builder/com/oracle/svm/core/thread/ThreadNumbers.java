package com.oracle.svm.core.thread;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Identifiers of threads in executables, in the order in which the builder finds the threads. The JVM's own count
 * all threads before, which are not equally many in each build.
 */
final class ThreadNumbers {
    /** Above the numbers that the JDK reserves. */
    private static final long FIRST = 10;

    private static final Map<Thread, Long> NUMBERS = new IdentityHashMap<>();

    private ThreadNumbers() {}

    static synchronized long of(Thread thread) {
        NUMBERS.putIfAbsent(thread, FIRST + NUMBERS.size());
        return NUMBERS.get(thread);
    }
}
