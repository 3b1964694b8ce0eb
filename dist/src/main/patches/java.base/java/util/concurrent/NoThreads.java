package java.util.concurrent;

/** Leaves the common pool without threads: its tasks run in the threads that wait for them. */
public final class NoThreads implements ForkJoinPool.ForkJoinWorkerThreadFactory {
    @Override
    public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
        return null;
    }
}
