package io.rootstock.encoding.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** Sums sorted word counts, one word of each input in memory. */
final class WordRuns implements Iterator<WordCount> {
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing(head -> head.current.word(), Arrays::compareUnsigned));

    private WordRuns(List<Iterator<WordCount>> runs) {
        for (Iterator<WordCount> run : runs) {
            if (run.hasNext()) {
                heads.add(new Head(run));
            }
        }
    }

    /** Returns the sums in ascending order of the words. */
    static Iterator<WordCount> sum(List<Iterator<WordCount>> runs) {
        return new WordRuns(runs);
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public WordCount next() {
        if (heads.isEmpty()) {
            throw new NoSuchElementException();
        }
        byte[] word = heads.peek().current.word();
        long count = 0;
        while (!heads.isEmpty() && Arrays.equals(heads.peek().current.word(), word)) {
            Head head = heads.poll();
            count = Math.addExact(count, head.current.count());
            if (head.rest.hasNext()) {
                head.current = head.rest.next();
                heads.add(head);
            }
        }
        return new WordCount(word, count);
    }

    private static final class Head {
        final Iterator<WordCount> rest;
        WordCount current;

        Head(Iterator<WordCount> run) {
            rest = run;
            current = run.next();
        }
    }
}
