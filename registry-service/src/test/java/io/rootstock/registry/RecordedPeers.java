package io.rootstock.registry;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rootstock.service.Errors;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.GetDatasetResponse;
import io.rootstock.trainer.v1.CancelRunRequest;
import io.rootstock.trainer.v1.CancelRunResponse;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.GetRunRequest;
import io.rootstock.trainer.v1.GetRunResponse;
import io.rootstock.trainer.v1.PauseRunRequest;
import io.rootstock.trainer.v1.PauseRunResponse;
import io.rootstock.trainer.v1.ResumeRunRequest;
import io.rootstock.trainer.v1.ResumeRunResponse;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.StartRunResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import io.rootstock.trainer.v1.WatchRunRequest;
import io.rootstock.trainer.v1.WatchRunResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A gRPC server that speaks the trainer's and the tokenizer's contract from what a test lets it record, for the cases of
 * failure that the real ones cannot be made to show at a given moment: it goes away, comes back, loses
 * a run, refuses a command.
 */
public final class RecordedPeers implements AutoCloseable {
    private final Map<String, Dataset> datasets = new ConcurrentHashMap<>();
    private final Map<String, Recording> runs = new ConcurrentHashMap<>();
    private final Set<String> stopping = ConcurrentHashMap.newKeySet();
    private final List<String> commands = new ArrayList<>();
    private final List<Integer> resumedWith = new ArrayList<>();
    private volatile boolean slow;
    private volatile boolean silent;
    private Server server;
    private volatile ManagedChannel connection;
    private final Channel channel = new Channel() {
        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            return connection.newCall(method, options);
        }

        @Override
        public String authority() {
            return connection.authority();
        }
    };

    /** Begins to serve. */
    public RecordedPeers() {
        comeBack();
    }

    private static final class Recording {
        private final List<RunEvent> events = new ArrayList<>();
        private RunState state = RunState.RUN_STATE_QUEUED;

        synchronized void add(RunEvent.Builder event) {
            events.add(event.setSequence(events.size() + 1).build());
            if (event.hasStateChanged()) {
                state = event.getStateChanged().getState();
            }
            notifyAll();
        }

        synchronized boolean over() {
            return switch (state) {
                case RUN_STATE_SUCCEEDED, RUN_STATE_FAILED, RUN_STATE_CANCELLED -> true;
                default -> false;
            };
        }

        synchronized RunEvent after(long sequence, ServerCallStreamObserver<?> observer) throws InterruptedException {
            while (events.size() <= sequence && !over() && !observer.isCancelled()) {
                wait(20);
            }
            return events.size() > sequence ? events.get((int) sequence) : null;
        }
    }

    /** A channel to this server, wherever it serves. */
    public Channel channel() {
        return channel;
    }

    /** Knows a dataset. */
    public void put(Dataset dataset) {
        datasets.put(dataset.getName(), dataset);
    }

    /** Processes that each resumption asked for. */
    public List<Integer> resumedWith() {
        synchronized (commands) {
            return List.copyOf(resumedWith);
        }
    }

    /** The commands that came, as COMMAND run; one that came again after a lost answer counts once. */
    public List<String> commands() {
        synchronized (commands) {
            return List.copyOf(commands);
        }
    }

    /** Whether the run was started. */
    public boolean knows(String run) {
        return runs.containsKey(run);
    }

    /** Adds an event to a run's log. */
    public void emit(String run, RunEvent.Builder event) {
        runs.get(run).add(event);
    }

    /** Adds a state to a run's log. */
    public void emit(String run, RunState state) {
        emit(
                run,
                RunEvent.newBuilder()
                        .setStateChanged(RunStateChanged.newBuilder().setState(state)));
    }

    /** Forgets a run, as a trainer whose disk was lost. */
    public void forget(String run) {
        runs.remove(run);
    }

    /** From now on a pause takes until {@link #stopNow}, and a run that is stopping refuses to be resumed. */
    public void stopSlowly() {
        slow = true;
    }

    /** The run that was asked to pause has stopped. */
    public void stopNow(String run) {
        emit(run, RunState.RUN_STATE_PAUSED);
        stopping.remove(run);
    }

    /** Takes runs, but does not answer until it comes back. */
    public void takeRunsSilently() {
        silent = true;
    }

    /** Breaks all calls and takes no more. */
    public void goAway() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Serves again; on another port, as anyone may have taken the one before. */
    public void comeBack() {
        silent = false;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(new Datasets())
                    .addService(new Trainer())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ManagedChannel before = connection;
        connection = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        if (before != null) {
            before.shutdownNow();
        }
    }

    @Override
    public void close() {
        connection.shutdownNow();
        goAway();
    }

    private void command(String command, String run) {
        synchronized (commands) {
            String entry = command + " " + run;
            if (commands.isEmpty() || !commands.getLast().equals(entry)) {
                commands.add(entry);
            }
        }
    }

    private Run view(String id) {
        Recording recording = runs.get(id);
        if (recording == null) {
            throw Errors.notFound("runs/" + id, "start it");
        }
        synchronized (recording) {
            return Run.newBuilder()
                    .setRunId(id)
                    .setState(recording.state)
                    .setLastSequence(recording.events.size())
                    .build();
        }
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> message) {
        try {
            observer.onNext(message.get());
            observer.onCompleted();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
        }
    }

    private final class Datasets extends DatasetServiceGrpc.DatasetServiceImplBase {
        @Override
        public void getDataset(GetDatasetRequest request, StreamObserver<GetDatasetResponse> observer) {
            answer(observer, () -> {
                Dataset dataset = datasets.get(request.getName());
                if (dataset == null) {
                    throw Errors.notFound(request.getName(), "prepare it");
                }
                return GetDatasetResponse.newBuilder().setDataset(dataset).build();
            });
        }
    }

    private final class Trainer extends TrainerServiceGrpc.TrainerServiceImplBase {
        @Override
        public void estimateRun(EstimateRunRequest request, StreamObserver<EstimateRunResponse> observer) {
            answer(observer, () -> {
                if (request.getSpec().getHyperparameters().getLearningRate() < 0) {
                    throw Errors.invalidArgument("spec.hyperparameters.learning_rate", "must be positive");
                }
                return EstimateRunResponse.getDefaultInstance();
            });
        }

        @Override
        public void startRun(StartRunRequest request, StreamObserver<StartRunResponse> observer) {
            command("START", request.getRunId());
            runs.computeIfAbsent(request.getRunId(), _ -> new Recording());
            if (silent) {
                return;
            }
            answer(
                    observer,
                    () -> StartRunResponse.newBuilder()
                            .setRun(view(request.getRunId()))
                            .build());
        }

        @Override
        public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> observer) {
            answer(
                    observer,
                    () -> GetRunResponse.newBuilder()
                            .setRun(view(request.getRunId()))
                            .build());
        }

        @Override
        public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> observer) {
            command("CANCEL", request.getRunId());
            answer(observer, () -> {
                view(request.getRunId());
                emit(request.getRunId(), RunState.RUN_STATE_CANCELLED);
                return CancelRunResponse.newBuilder()
                        .setRun(view(request.getRunId()))
                        .build();
            });
        }

        @Override
        public void pauseRun(PauseRunRequest request, StreamObserver<PauseRunResponse> observer) {
            command("PAUSE", request.getRunId());
            answer(observer, () -> {
                view(request.getRunId());
                if (slow) {
                    stopping.add(request.getRunId());
                } else {
                    emit(request.getRunId(), RunState.RUN_STATE_PAUSED);
                }
                return PauseRunResponse.newBuilder()
                        .setRun(view(request.getRunId()))
                        .build();
            });
        }

        @Override
        public void resumeRun(ResumeRunRequest request, StreamObserver<ResumeRunResponse> observer) {
            command("RESUME", request.getRunId());
            answer(observer, () -> {
                view(request.getRunId());
                if (stopping.contains(request.getRunId())) {
                    throw Errors.failedPrecondition("WRONG_STATE", "the run is still stopping");
                }
                synchronized (commands) {
                    resumedWith.add(request.getRanks());
                }
                emit(request.getRunId(), RunState.RUN_STATE_QUEUED);
                emit(request.getRunId(), RunState.RUN_STATE_RUNNING);
                return ResumeRunResponse.newBuilder()
                        .setRun(view(request.getRunId()))
                        .build();
            });
        }

        @Override
        public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> observer) {
            Recording recording = runs.get(request.getRunId());
            if (recording == null) {
                observer.onError(Errors.notFound("runs/" + request.getRunId(), "start it"));
                return;
            }
            ServerCallStreamObserver<WatchRunResponse> call = (ServerCallStreamObserver<WatchRunResponse>) observer;
            call.setOnCancelHandler(() -> {});
            Thread.ofVirtual().start(() -> play(recording, request.getAfterSequence(), call));
        }

        private void play(Recording recording, long after, ServerCallStreamObserver<WatchRunResponse> observer) {
            try {
                long sequence = after;
                for (RunEvent event = recording.after(sequence, observer);
                        event != null;
                        event = recording.after(sequence, observer)) {
                    observer.onNext(
                            WatchRunResponse.newBuilder().setEvent(event).build());
                    sequence = event.getSequence();
                }
                if (!observer.isCancelled()) {
                    observer.onCompleted();
                }
            } catch (InterruptedException | RuntimeException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
