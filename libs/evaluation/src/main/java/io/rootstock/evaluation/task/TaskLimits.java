package io.rootstock.evaluation.task;

/** Upper bounds of task files, rows and templates. */
public final class TaskLimits {
    /** Task files in a chain of {@code include}. */
    public static final int INCLUDE_DEPTH = 5;

    /** Task files and CORE tasks of a suite. */
    public static final int TASKS = 1_000;

    /** Bytes of one row file, after decompression. */
    public static final long ROW_FILE_BYTES = 1L << 30;

    /** Rows of one split. */
    public static final int ROWS = 1_000_000;

    /** Characters of one row in its file. */
    public static final int ROW_CHARACTERS = 4 << 20;

    /** Nesting of values in a row. */
    public static final int ROW_DEPTH = 16;

    /** Columns of a CSV or TSV file. */
    public static final int COLUMNS = 1_000;

    /** Choices of a row. */
    public static final int CHOICES = 1_000;

    public static final int TEMPLATE_CHARACTERS = 64 << 10;

    /** Characters of a rendered text, and of each text that a template computes. */
    public static final int RENDERED_CHARACTERS = 1 << 20;

    /** Characters that the operators and filters of one rendering produce together. */
    public static final long TEMPLATE_WORK = 64L << 20;

    /** Characters that one application of a regular expression may read. */
    public static final long REGEX_READS = 10_000_000;

    /** Few-shot examples of a request. */
    public static final int SHOTS = 100;

    /** Stop sequences of a generation. */
    public static final int STOP_SEQUENCES = 32;

    /** Tokens of a generation. */
    public static final int GENERATED_TOKENS = 32_768;

    private TaskLimits() {}
}
