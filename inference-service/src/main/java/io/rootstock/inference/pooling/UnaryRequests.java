package io.rootstock.inference.pooling;

import io.grpc.Context;
import io.rootstock.inference.admission.AdmissionControl;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.inference.session.EngineErrors;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.RequestObserver;
import io.rootstock.inference.session.RequestObservers;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.session.Shadows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;

/**
 * Runs work whose result is available only at its end: classifying, embedding, scoring. If the client disconnects, its
 * deadline passes or draining exceeds its time limit, the caller receives the error immediately; the model stays leased
 * until the work has ended.
 */
@ApplicationScoped
class UnaryRequests {
    private final ModelAccess access;
    private final RequestObservers observers;
    private final Shadows shadows;

    @Inject
    UnaryRequests(ModelAccess access, RequestObservers observers, Shadows shadows) {
        this.access = access;
        this.observers = observers;
        this.shadows = shadows;
    }

    /**
     * The result of a piece of work.
     *
     * @param texts number of texts read
     * @param tokens number of their tokens
     */
    record Result<T>(T answer, int texts, int tokens) {}

    /**
     * Runs work with the version of the alias, never with a canary, because clients compare the result with earlier
     * ones.
     *
     * @param operation name of the operation in metrics
     * @throws io.grpc.StatusRuntimeException if the request is rejected or fails
     */
    <T> T run(String operation, String model, Function<Session, Result<T>> work) {
        return observed(operation, model, observer -> ended(access.open(model), work, observer));
    }

    /**
     * Runs work with the version of the alias, or with its canary for the canary's percentage of requests; a shadow
     * canary receives a copy.
     *
     * @param operation name of the operation in metrics
     * @param agreement compares the answers of version and canary, 0 to 1
     * @throws io.grpc.StatusRuntimeException if the request is rejected or fails
     */
    <T> T runWithCanary(
            String operation, String model, Function<Session, Result<T>> work, ToDoubleBiFunction<T, T> agreement) {
        return observed(operation, model, observer -> {
            Session session = access.open(model, UUID.randomUUID().toString());
            if (session.role() == ModelLease.Role.CANARY) {
                try {
                    return ended(session, own -> measured(own, work), observer);
                } catch (CancellationException e) {
                    throw e;
                } catch (RuntimeException e) {
                    RuntimeException told = EngineErrors.of(e);
                    session.failed(told);
                    // The canary failed for whatever reason: the version of the alias answers.
                    T answer = ended(access.open(model), own -> measured(own, work), observer);
                    session.answeredByMain(told);
                    return answer;
                }
            }
            T answer = ended(session, own -> measured(own, work), observer);
            shadows.copy(model, shadow -> {
                T other = measured(shadow, work).answer();
                shadow.analysis().ifPresent(figures -> figures.score(() -> agreement.applyAsDouble(answer, other)));
            });
            return answer;
        });
    }

    private <T> T observed(String operation, String model, Function<RequestObserver, T> request) {
        RequestObserver observer = observers.begin(operation, model);
        try {
            return request.apply(observer);
        } catch (RuntimeException e) {
            RuntimeException told = EngineErrors.of(e);
            observer.failed(told);
            throw told;
        } finally {
            observer.closed();
        }
    }

    private static <T> T ended(Session session, Function<Session, Result<T>> work, RequestObserver observer) {
        String version = session.version();
        try {
            Result<T> result = start(session, work).join();
            observer.finished(version, result.tokens());
            return result.answer();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static <T> Result<T> measured(Session session, Function<Session, Result<T>> work) {
        long start = System.nanoTime();
        Result<T> result = work.apply(session);
        session.finished(result.texts(), (System.nanoTime() - start) / 1e6);
        return result;
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
        // Work that can be interrupted stops; other work ends by itself and its result is discarded.
        session.whenTimeIsOver(() -> {
            result.completeExceptionally(AdmissionControl.draining());
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
