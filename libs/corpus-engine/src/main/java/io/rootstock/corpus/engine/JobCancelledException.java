package io.rootstock.corpus.engine;

/** The job was cancelled. Receipts of finished tasks remain, so that a later run resumes. */
public final class JobCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JobCancelledException() {
        super("the job was cancelled; finished units are kept, and a run with the same work directory resumes");
    }
}
