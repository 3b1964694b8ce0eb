package io.rootstock.registry;

import com.google.protobuf.Timestamp;
import io.grpc.BindableService;
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
import io.rootstock.storage.v1.ListReferencesRequest;
import io.rootstock.storage.v1.ListReferencesResponse;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.GetTokenizerResponse;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.CancelRunRequest;
import io.rootstock.trainer.v1.CancelRunResponse;
import io.rootstock.trainer.v1.CreateGgufRequest;
import io.rootstock.trainer.v1.CreateGgufResponse;
import io.rootstock.trainer.v1.DeleteRunRequest;
import io.rootstock.trainer.v1.DeleteRunResponse;
import io.rootstock.trainer.v1.DeviceCapacity;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.GetCapacityRequest;
import io.rootstock.trainer.v1.GetCapacityResponse;
import io.rootstock.trainer.v1.GetRunRequest;
import io.rootstock.trainer.v1.GetRunResponse;
import io.rootstock.trainer.v1.Hyperparameters;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A fake of the trainer and the tokenizer service on a gRPC server. It records commands and serves the datasets and
 * events that a test adds. It simulates failures at a given moment: an outage, a restart, a lost run, a rejected
 * command.
 */
public final class RecordedPeers implements AutoCloseable {
    private final RecordedDatasets datasets = new RecordedDatasets();
    private final Map<String, Tokenizer> tokenizers = new ConcurrentHashMap<>();
    private final List<ListReferencesResponse> references = new CopyOnWriteArrayList<>();
    private final Map<String, Recording> runs = new ConcurrentHashMap<>();
    private final Set<String> stopping = ConcurrentHashMap.newKeySet();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final List<String> commands = new ArrayList<>();
    private final List<Integer> resumeRanks = new ArrayList<>();
    private final List<StartRunRequest> starts = new CopyOnWriteArrayList<>();
    private final List<CreateGgufRequest> ggufs = new CopyOnWriteArrayList<>();
    private volatile Function<CreateGgufRequest, Artifact> ggufFiles;
    private volatile boolean holdsPauses;
    private volatile boolean withholdsStartAnswers;
    private volatile boolean rejectsStarts;
    private volatile int workers = 1000;
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

    /** Starts the server. */
    public RecordedPeers() {
        startServing();
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

    /** Requests that started runs, oldest first. */
    public List<StartRunRequest> starts() {
        return List.copyOf(starts);
    }

    /** Sets what stores the GGUF file of a request. */
    public void setGgufFiles(Function<CreateGgufRequest, Artifact> files) {
        ggufFiles = files;
    }

    /** Requests for GGUF files, oldest first. */
    public List<CreateGgufRequest> ggufs() {
        return List.copyOf(ggufs);
    }

    /** Channel to this server; it follows the server to another port. */
    public Channel channel() {
        return channel;
    }

    /** Adds an artifact that a resource of one of the services needs. */
    public void refer(String resource, String digest) {
        references.add(ListReferencesResponse.newBuilder()
                .setResource(resource)
                .setDigest(digest)
                .build());
    }

    /** Sets the start of the oldest operation that may still store artifacts. */
    public void setActivity(Instant start) {
        references.add(ListReferencesResponse.newBuilder()
                .setActivity(Timestamp.newBuilder().setSeconds(start.getEpochSecond()))
                .build());
    }

    /** Adds a tokenizer. */
    public void put(Tokenizer tokenizer) {
        tokenizers.put(tokenizer.getName(), tokenizer);
    }

    /** The datasets and sources of the tokenizer service. */
    public RecordedDatasets datasets() {
        return datasets;
    }

    /** Adds a dataset. */
    public void put(Dataset dataset) {
        datasets.put(dataset);
    }

    /** The requested number of ranks of each RESUME, in order. */
    public List<Integer> resumeRanks() {
        synchronized (commands) {
            return List.copyOf(resumeRanks);
        }
    }

    /** The received commands, each as "COMMAND run"; consecutive repetitions count once. */
    public List<String> commands() {
        synchronized (commands) {
            return List.copyOf(commands);
        }
    }

    /** Returns true if the run was started and not forgotten. */
    public boolean hasRun(String run) {
        return runs.containsKey(run);
    }

    /** Number of runs. */
    public int runs() {
        return runs.size();
    }

    /** Adds an event to a run's log. */
    public void emit(String run, RunEvent.Builder event) {
        runs.get(run).add(event);
    }

    /** Adds a state change to a run's log. */
    public void emit(String run, RunState state) {
        emit(run, state, "");
    }

    /** Adds a state change with its reason to a run's log. */
    public void emit(String run, RunState state, String message) {
        emit(
                run,
                RunEvent.newBuilder()
                        .setStateChanged(
                                RunStateChanged.newBuilder().setState(state).setMessage(message)));
    }

    /** Loses a run's directory; the trainer still has the marker of the accepted run. */
    public void lose(String run) {
        lost.add(run);
        runs.remove(run);
    }

    /** Removes all traces of a run, as a trainer with an empty data directory; returns it for {@link #restore}. */
    public Object forget(String run) {
        return runs.remove(run);
    }

    /** Restores a run that {@link #forget} returned. */
    public void restore(String run, Object recording) {
        runs.put(run, (Recording) recording);
    }

    /** Sets whether the trainer's queue is full. */
    public void rejectStarts(boolean rejects) {
        rejectsStarts = rejects;
    }

    /** Sets the number of runs that the trainer trains at the same time. */
    public void setWorkers(int number) {
        workers = number;
    }

    /** Keeps paused runs stopping until {@link #completePause}; a stopping run rejects RESUME. */
    public void holdPauses() {
        holdsPauses = true;
    }

    /** Moves a stopping run to PAUSED. */
    public void completePause(String run) {
        emit(run, RunState.RUN_STATE_PAUSED);
        stopping.remove(run);
    }

    /** Accepts runs without answering StartRun, until {@link #startServing}. */
    public void withholdStartAnswers() {
        withholdsStartAnswers = true;
    }

    /** Stops the server; all calls fail. */
    public void stopServing() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the server on a new port, because another process may have taken the previous one. */
    public void startServing() {
        withholdsStartAnswers = false;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addServices(datasets.services().stream()
                            .map(BindableService::bindService)
                            .toList())
                    .addService(new Trainer())
                    .addService(new Tokenizers())
                    .addService(new References())
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
        stopServing();
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
            throw missing(id);
        }
        synchronized (recording) {
            return Run.newBuilder()
                    .setRunId(id)
                    .setState(recording.state)
                    .setLastSequence(recording.events.size())
                    .build();
        }
    }

    private StatusRuntimeException missing(String run) {
        return lost.contains(run)
                ? Errors.dataLoss("RUN_LOST", "runs/" + run + " was accepted, and its directory is missing")
                : Errors.notFound("runs/" + run, "start it");
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> message) {
        try {
            observer.onNext(message.get());
            observer.onCompleted();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
        }
    }

    private final class Tokenizers extends TokenizerServiceGrpc.TokenizerServiceImplBase {
        @Override
        public void getTokenizer(GetTokenizerRequest request, StreamObserver<GetTokenizerResponse> observer) {
            answer(observer, () -> {
                Tokenizer tokenizer = tokenizers.get(request.getName());
                if (tokenizer == null) {
                    throw Errors.notFound(request.getName(), "train it");
                }
                return GetTokenizerResponse.newBuilder().setTokenizer(tokenizer).build();
            });
        }
    }

    private final class References extends ReferenceServiceGrpc.ReferenceServiceImplBase {
        @Override
        public void listReferences(ListReferencesRequest request, StreamObserver<ListReferencesResponse> observer) {
            references.forEach(observer::onNext);
            observer.onCompleted();
        }
    }

    private final class Trainer extends TrainerServiceGrpc.TrainerServiceImplBase {
        @Override
        public void estimateRun(EstimateRunRequest request, StreamObserver<EstimateRunResponse> observer) {
            answer(observer, () -> {
                if (request.getSpec().getHyperparameters().getLearningRate() < 0) {
                    throw Errors.invalidArgument("spec.hyperparameters.learning_rate", "must be positive");
                }
                return EstimateRunResponse.newBuilder()
                        .setHyperparameters(Hyperparameters.newBuilder().setLearningRate(2e-4))
                        .build();
            });
        }

        @Override
        public void getCapacity(GetCapacityRequest request, StreamObserver<GetCapacityResponse> observer) {
            answer(
                    observer,
                    () -> GetCapacityResponse.newBuilder()
                            .addDevices(DeviceCapacity.newBuilder()
                                    .setKind("worker")
                                    .setCount(workers))
                            .build());
        }

        @Override
        public void createGguf(CreateGgufRequest request, StreamObserver<CreateGgufResponse> observer) {
            ggufs.add(request);
            observer.onNext(CreateGgufResponse.newBuilder().setStage("quantize").build());
            answer(
                    observer,
                    () -> CreateGgufResponse.newBuilder()
                            .setArtifact(ggufFiles.apply(request))
                            .build());
        }

        @Override
        public void startRun(StartRunRequest request, StreamObserver<StartRunResponse> observer) {
            command("START", request.getRunId());
            starts.add(request);
            if (rejectsStarts) {
                observer.onError(
                        Errors.resourceExhausted("RUN_QUEUE_FULL", "the queue is full", Duration.ofSeconds(30)));
                return;
            }
            lost.remove(request.getRunId());
            runs.computeIfAbsent(request.getRunId(), _ -> new Recording());
            if (withholdsStartAnswers) {
                return;
            }
            answer(
                    observer,
                    () -> StartRunResponse.newBuilder()
                            .setRun(view(request.getRunId()))
                            .build());
        }

        @Override
        public void deleteRun(DeleteRunRequest request, StreamObserver<DeleteRunResponse> observer) {
            command("DELETE", request.getRunId());
            answer(observer, () -> {
                if (!runs.containsKey(request.getRunId())) {
                    throw Errors.notFound("runs/" + request.getRunId(), "start it");
                }
                if (!runs.get(request.getRunId()).over()) {
                    throw Errors.failedPrecondition("RUN_STATE", "the run has not ended");
                }
                runs.remove(request.getRunId());
                return DeleteRunResponse.getDefaultInstance();
            });
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
                if (holdsPauses) {
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
                    resumeRanks.add(request.getRanks());
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
                observer.onError(missing(request.getRunId()));
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
