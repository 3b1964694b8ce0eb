package io.rootstock.inference.generate;

import io.grpc.Context;
import io.rootstock.inference.generate.ModelAccess.Session;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Runs work of which nothing comes before all of it: classifying, embedding, scoring. Where the client leaves, its
 * deadline passes or the service's time is over, the caller is told so at once; the model stays until the work has ended.
 */
@Singleton
class WholeWork {
    private final ModelAccess access;
    private final RequestObservers observers;

    @Inject
    WholeWork(ModelAccess access, RequestObservers observers) {
        this.access = access;
        this.observers = observers;
    }

    /**
     * Waits for work with a model.
     *
     * @param operation what it is called in metrics
     * @throws io.grpc.StatusRuntimeException what the request is refused or ended with
     */
    <T> T run(String operation, String model, Function<Session, T> work) {
        RequestObserver observer = observers.begin(operation, model);
        try {
            T result = start(access.open(model), work).join();
            observer.finished();
            return result;
        } catch (CompletionException e) {
            throw told(observer, e.getCause() instanceof RuntimeException cause ? cause : e);
        } catch (RuntimeException e) {
            throw told(observer, e);
        } finally {
            observer.closed();
        }
    }

    private RuntimeException told(RequestObserver observer, RuntimeException failure) {
        RuntimeException told = access.refusal(failure);
        observer.failed(told);
        return told;
    }

    private static <T> CompletableFuture<T> start(Session session, Function<Session, T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Context caller = Context.current();
        Thread worker = Thread.ofVirtual().name("whole-work").unstarted(caller.wrap(() -> {
            try (session) {
                result.complete(work.apply(session));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }));
        // What can be left midway is left then; the rest ends by itself and is thrown away.
        session.whenTimeIsOver(() -> {
            result.completeExceptionally(Intake.draining());
            worker.interrupt();
        });
        Context.CancellationListener gone = _ -> {
            result.completeExceptionally(new CancellationException("the client is gone, or its deadline is over"));
            worker.interrupt();
        };
        caller.addListener(gone, Runnable::run);
        worker.start();
        return result.whenComplete((_, _) -> caller.removeListener(gone));
    }
}
