package io.rootstock.chat.jinja.value;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Limits of one rendering: templates come from outside, and must neither exhaust memory or the stack nor run for long.
 * Counts what the rendering does, and throws a {@link JinjaException} that names the limit. Without a rendering, nothing
 * is counted.
 */
public final class Budget {
    /** Maximum characters of one text. */
    public static final int MAX_TEXT = 1 << 22;

    /** Maximum steps: evaluations, items read, and characters compared in groups of {@link #COMPARED_PER_STEP}. */
    static final long MAX_STEPS = 5_000_000;

    /** Maximum bytes of all texts, lists and dictionaries that a rendering makes, freed or not. */
    static final long MAX_BYTES = 64L << 20;

    /** Maximum depth of statements, expressions, macro calls and values in each other. */
    static final int MAX_DEPTH = 500;

    private static final int COMPARED_PER_STEP = 64;
    private static final long BYTES_PER_CHARACTER = 4;
    private static final long BYTES_PER_PIECE = 96;
    private static final long BYTES_PER_OBJECT = 64;
    private static final long BYTES_PER_ITEM = 32;

    /**
     * Renderings above this size wait for each other, in order, so that the memory of all together is bounded: above the prompt
     * of a long conversation, of half a million characters.
     */
    private static final long LARGE_BYTES = 8L << 20;

    /** Maximum large renderings at a time; none holds it for longer than its steps take. */
    private static final Semaphore LARGE = new Semaphore(2, true);

    private static final ScopedValue<Budget> CURRENT = ScopedValue.newInstance();

    private long steps;
    private long bytes;
    private int depth;
    private boolean large;

    private Budget() {}

    /** Runs a rendering with its own budget. */
    public static <T> T bounded(Supplier<T> rendering) {
        Budget budget = new Budget();
        try {
            return ScopedValue.where(CURRENT, budget).call(rendering::get);
        } finally {
            if (budget.large) {
                LARGE.release();
            }
        }
    }

    /** Counts steps. */
    public static void steps(long count) {
        if (CURRENT.isBound()) {
            Budget budget = CURRENT.get();
            budget.steps += count;
            if (budget.steps > MAX_STEPS) {
                throw new JinjaException("the template takes more than " + MAX_STEPS + " steps");
            }
        }
    }

    /** Counts a pass over characters that makes no text. */
    public static void read(long characters) {
        steps(1 + characters / COMPARED_PER_STEP);
    }

    /** Requires that a text that grows has at most {@link #MAX_TEXT} characters. */
    public static void length(long characters) {
        if (characters > MAX_TEXT && CURRENT.isBound()) {
            throw new JinjaException("a text becomes longer than " + MAX_TEXT + " characters");
        }
    }

    /** Counts a new text; joined ones before they are made. */
    public static void text(long characters, long pieces) {
        length(characters);
        bytes(BYTES_PER_OBJECT + BYTES_PER_PIECE * pieces + BYTES_PER_CHARACTER * characters);
    }

    /** Counts a new list or dictionary, or items that are added to one. */
    public static void items(long count) {
        steps(1 + count);
        bytes(BYTES_PER_OBJECT + BYTES_PER_ITEM * count);
    }

    private static void bytes(long count) {
        if (CURRENT.isBound()) {
            Budget budget = CURRENT.get();
            budget.bytes += count;
            if (budget.bytes > MAX_BYTES) {
                throw new JinjaException("the template makes more than " + MAX_BYTES + " bytes of texts and lists");
            }
            if (budget.bytes > LARGE_BYTES && !budget.large) {
                LARGE.acquireUninterruptibly();
                budget.large = true;
            }
        }
    }

    /** Counts a step that begins a level; {@link #leave} ends the level. */
    public static void enter() {
        steps(1);
        if (CURRENT.isBound()) {
            Budget budget = CURRENT.get();
            if (++budget.depth > MAX_DEPTH) {
                throw new JinjaException("the template is nested deeper than " + MAX_DEPTH + " levels");
            }
        }
    }

    /** Ends a level. */
    public static void leave() {
        if (CURRENT.isBound()) {
            CURRENT.get().depth--;
        }
    }
}
