package io.rootstock.inference.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.inference.adapter.AdapterLoading;
import io.rootstock.inference.admission.AdmissionControl;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.scheduling.EngineLoad;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.serving.Serving;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.AbortResponse;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.DrainRequest;
import io.rootstock.inference.v1.DrainResponse;
import io.rootstock.inference.v1.GetLoadRequest;
import io.rootstock.inference.v1.GetLoadResponse;
import io.rootstock.inference.v1.ListAdaptersRequest;
import io.rootstock.inference.v1.ListAdaptersResponse;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.LoadAdapterRequest;
import io.rootstock.inference.v1.LoadAdapterResponse;
import io.rootstock.inference.v1.ModelLoad;
import io.rootstock.inference.v1.UnloadAdapterRequest;
import io.rootstock.inference.v1.UnloadAdapterResponse;
import io.rootstock.inference.v1.WatchServingRequest;
import io.rootstock.inference.v1.WatchServingResponse;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.PageToken;
import io.rootstock.service.ShutdownState;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The RPCs of the control service. All but those of adapters respond while the service drains, too. */
@GrpcService
public class ControlGrpcService extends ControlServiceGrpc.ControlServiceImplBase {
    private static final int MAX_DRAIN_SECONDS = 3600;
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT_LINE = "VmRSS:";
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
    private static final ListServedModelsRequest ALL_SERVED = ListServedModelsRequest.newBuilder()
            .setPageSize(PageToken.MAX_PAGE_SIZE)
            .build();

    private final ModelAccess access;
    private final AdapterLoading adapters;
    private final AdmissionControl admission;
    private final InferenceSettings settings;
    private final Serving serving;
    private final ShutdownState shutdown;

    @Inject
    ControlGrpcService(
            ModelAccess access,
            AdapterLoading adapters,
            AdmissionControl admission,
            InferenceSettings settings,
            Serving serving,
            ShutdownState shutdown) {
        this.shutdown = shutdown;
        this.serving = serving;
        this.access = access;
        this.adapters = adapters;
        this.admission = admission;
        this.settings = settings;
    }

    @Override
    @Blocking
    public void abort(AbortRequest request, StreamObserver<AbortResponse> responses) {
        if (request.getRequestId().isEmpty()) {
            throw Errors.invalidArgument("request_id", "must be set");
        }
        answer(
                responses,
                AbortResponse.newBuilder()
                        .setAborted(access.abort(request.getRequestId()))
                        .build());
    }

    @Override
    @Blocking
    public void getLoad(GetLoadRequest request, StreamObserver<GetLoadResponse> responses) {
        answer(responses, load());
    }

    @Override
    @Blocking
    public void loadAdapter(LoadAdapterRequest request, StreamObserver<LoadAdapterResponse> responses) {
        answer(
                responses,
                LoadAdapterResponse.newBuilder()
                        .setAdapter(adapters.load(
                                request.getModel(), request.getName(), request.getDigest(), request.getPinned()))
                        .build());
    }

    @Override
    @Blocking
    public void unloadAdapter(UnloadAdapterRequest request, StreamObserver<UnloadAdapterResponse> responses) {
        adapters.unload(request.getModel(), request.getName());
        answer(responses, UnloadAdapterResponse.getDefaultInstance());
    }

    @Override
    @Blocking
    public void listAdapters(ListAdaptersRequest request, StreamObserver<ListAdaptersResponse> responses) {
        answer(
                responses,
                ListAdaptersResponse.newBuilder()
                        .addAllAdapters(adapters.list(request.getModel()))
                        .build());
    }

    /**
     * Runs on its own thread, because it waits until requests have ended. Cancelling the call does not stop the drain.
     */
    @Override
    public void drain(DrainRequest request, StreamObserver<DrainResponse> responses) {
        FlowControlledStream.serve(responses, stream -> {
            int seconds = request.getSeconds();
            if (seconds < 0 || seconds > MAX_DRAIN_SECONDS) {
                throw Errors.invalidArgument("seconds", "must be 0 to " + MAX_DRAIN_SECONDS + ", was " + seconds);
            }
            Duration budget = seconds == 0 ? settings.drain() : Duration.ofSeconds(seconds);
            stream.send(DrainResponse.newBuilder()
                    .setUnfinished(admission.drain(budget))
                    .build());
        });
    }

    private GetLoadResponse load() {
        GetLoadResponse.Builder response = GetLoadResponse.newBuilder()
                .setDraining(admission.isDraining() || shutdown.hasBegun())
                .setResidentBytes(residentBytes())
                .setEngine(serving.engine());
        access.visible().stream()
                .sorted(Comparator.comparing(model -> model.version().name()))
                .map(ControlGrpcService::load)
                .forEach(response::addModels);
        return response.build();
    }

    @Override
    public void watchServing(WatchServingRequest request, StreamObserver<WatchServingResponse> responses) {
        FlowControlledStream.serve(responses, stream -> {
            CountDownLatch gone = new CountDownLatch(1);
            stream.onCancel(gone::countDown);
            WatchServingResponse last = WatchServingResponse.getDefaultInstance();
            do {
                WatchServingResponse now = WatchServingResponse.newBuilder()
                        .setLoad(load())
                        .setServed(ServedModelPages.of(ALL_SERVED, access.served()))
                        .build();
                if (!now.equals(last)) {
                    boolean sameAliases = last.hasServed() && now.getServed().equals(last.getServed());
                    stream.send(sameAliases ? now.toBuilder().clearServed().build() : now);
                }
                last = now;
                if (shutdown.hasBegun()) {
                    throw ShutdownState.refusal();
                }
            } while (!gone.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        });
    }

    private static ModelLoad load(LoadedModel model) {
        ModelLoad.Builder result = ModelLoad.newBuilder()
                .setVersion(model.version().name())
                .setActiveRequests(model.activeRequests())
                .setQueuedRequests(model.queuedRequests());
        model.generation().ifPresent(engine -> {
            EngineLoad load = engine.load();
            result.setSlots(load.slots())
                    .setQueuedTokens(load.queuedTokens())
                    .setUsedCells(load.usedCells())
                    .setCells(load.cells())
                    .setTokensPerSecond(load.tokensPerSecond());
        });
        return result.build();
    }

    private static <T> void answer(StreamObserver<T> responses, T response) {
        responses.onNext(response);
        responses.onCompleted();
    }

    /** Resident bytes of this process, as reported by Linux: heap, native weights and caches; 0 if unknown. */
    private static long residentBytes() {
        try {
            for (String line : Files.readAllLines(PROCESS_STATUS)) {
                if (line.startsWith(RESIDENT_LINE)) {
                    // VmRSS:     12345 kB
                    return 1024
                            * Long.parseLong(line.substring(RESIDENT_LINE.length())
                                    .replace("kB", "")
                                    .strip());
                }
            }
        } catch (IOException _) {
            // Not Linux.
        }
        return 0;
    }
}
