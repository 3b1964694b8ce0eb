package io.rootstock.cli.client;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.CallReason;
import io.rootstock.client.ConnectionThread;
import io.rootstock.client.Endpoint;
import io.rootstock.client.ServiceChannel;
import io.rootstock.client.tls.ReloadListener;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.TlsFiles;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.GateServiceGrpc;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.AdminServiceGrpc;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.QuotaServiceGrpc;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.tokenizer.v1.CorpusServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** gRPC stubs of all services; one channel per service, opened at the first call. */
public final class Clients implements AutoCloseable {
    private static final TlsFiles.Names TLS_OPTIONS =
            new TlsFiles.Names("--client-certificate", "--client-key", "--certificate-authority");

    private final Endpoints endpoints;
    private final String reason;
    private final Map<Service, ManagedChannel> channels = new EnumMap<>(Service.class);
    private final List<ManagedChannel> podChannels = new ArrayList<>();
    private Optional<ReloadedTls> tls = Optional.empty();
    private Optional<ConnectionThread> thread = Optional.empty();

    public Clients(Endpoints endpoints) {
        this(endpoints, "");
    }

    /** @param reason reason of the calls, for the audit log; may be empty */
    public Clients(Endpoints endpoints, String reason) {
        this.endpoints = endpoints;
        this.reason = reason;
    }

    public TokenizerServiceGrpc.TokenizerServiceBlockingStub tokenizers() {
        return TokenizerServiceGrpc.newBlockingStub(channel(Service.TOKENIZER));
    }

    public DatasetServiceGrpc.DatasetServiceBlockingStub datasets() {
        return DatasetServiceGrpc.newBlockingStub(channel(Service.TOKENIZER));
    }

    public CorpusServiceGrpc.CorpusServiceBlockingStub corpora() {
        return CorpusServiceGrpc.newBlockingStub(channel(Service.TOKENIZER));
    }

    public SourceServiceGrpc.SourceServiceStub sources() {
        return SourceServiceGrpc.newStub(channel(Service.TOKENIZER));
    }

    public TrainerServiceGrpc.TrainerServiceBlockingStub trainer() {
        return TrainerServiceGrpc.newBlockingStub(channel(Service.TRAINER));
    }

    TrainerServiceGrpc.TrainerServiceStub imports() {
        return TrainerServiceGrpc.newStub(channel(Service.TRAINER));
    }

    public JobServiceGrpc.JobServiceBlockingStub jobs() {
        return JobServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public QuotaServiceGrpc.QuotaServiceBlockingStub quotas() {
        return QuotaServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public AdminServiceGrpc.AdminServiceBlockingStub admin() {
        return AdminServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public CanaryServiceGrpc.CanaryServiceBlockingStub canaries() {
        return CanaryServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public GateServiceGrpc.GateServiceBlockingStub gates() {
        return GateServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public IdentityServiceGrpc.IdentityServiceBlockingStub identity() {
        return IdentityServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public WebhookServiceGrpc.WebhookServiceBlockingStub webhooks() {
        return WebhookServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public SuiteServiceGrpc.SuiteServiceBlockingStub suites() {
        return SuiteServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public EvaluationServiceGrpc.EvaluationServiceBlockingStub evaluations() {
        return EvaluationServiceGrpc.newBlockingStub(channel(Service.REGISTRY));
    }

    public InferenceServiceGrpc.InferenceServiceBlockingStub inference() {
        return InferenceServiceGrpc.newBlockingStub(channel(Service.INFERENCE));
    }

    /** Control of the inference service: load, adapters, drain. */
    public ControlServiceGrpc.ControlServiceBlockingStub serving() {
        return ControlServiceGrpc.newBlockingStub(channel(Service.INFERENCE));
    }

    /** Control of each pod of the inference service, in order of the addresses. */
    public ServingPods servingPods() {
        Endpoint endpoint = endpoint(Service.INFERENCE);
        Map<String, ControlServiceGrpc.ControlServiceBlockingStub> pods = new LinkedHashMap<>();
        List<InetAddress> addresses = ServingPods.addresses(endpoint);
        if (addresses.size() < 2) {
            pods.put(endpoint.toString(), serving());
            return new ServingPods(pods);
        }
        for (InetAddress address : addresses) {
            ManagedChannel channel = ServiceChannel.open(thread(), endpoint, address, tls(), endpoints.credentials());
            synchronized (channels) {
                podChannels.add(channel);
            }
            pods.put(address.getHostAddress(), ControlServiceGrpc.newBlockingStub(withReason(channel)));
        }
        return new ServingPods(pods);
    }

    /** Health of a service. */
    public HealthGrpc.HealthBlockingStub health(Service service) {
        return HealthGrpc.newBlockingStub(channel(service));
    }

    /** Disk space of a service. */
    public StorageServiceGrpc.StorageServiceBlockingStub storage(Service service) {
        return StorageServiceGrpc.newBlockingStub(channel(service));
    }

    /** The endpoint of a service, host:port. */
    public String address(Service service) {
        return endpoints.addresses().get(service);
    }

    @Override
    public void close() {
        synchronized (channels) {
            channels.values().forEach(ManagedChannel::shutdownNow);
            channels.clear();
            podChannels.forEach(ManagedChannel::shutdownNow);
            podChannels.clear();
            thread.ifPresent(ConnectionThread::close);
            thread = Optional.empty();
            tls.ifPresent(ReloadedTls::close);
        }
    }

    private Channel channel(Service service) {
        ManagedChannel channel;
        synchronized (channels) {
            channel = channels.computeIfAbsent(service, this::open);
        }
        return withReason(channel);
    }

    private Channel withReason(ManagedChannel channel) {
        if (reason.isEmpty()) {
            return channel;
        }
        Metadata headers = new Metadata();
        headers.put(CallReason.HEADER, reason.getBytes(StandardCharsets.UTF_8));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private ManagedChannel open(Service service) {
        return ServiceChannel.open(thread(), endpoint(service).toString(), tls(), endpoints.credentials());
    }

    private Endpoint endpoint(Service service) {
        try {
            return Endpoint.parse(address(service));
        } catch (IllegalArgumentException invalid) {
            throw new CliException(invalid.getMessage(), "check the address");
        }
    }

    private ConnectionThread thread() {
        synchronized (channels) {
            if (thread.isEmpty()) {
                thread = Optional.of(new ConnectionThread());
            }
            return thread.get();
        }
    }

    private Optional<ReloadedTls> tls() {
        if (endpoints.tls() && tls.isEmpty()) {
            try {
                TlsFiles files = new TlsFiles(
                        TLS_OPTIONS,
                        endpoints.clientCertificate(),
                        endpoints.clientKey(),
                        endpoints.certificateAuthority());
                tls = Optional.of(new ReloadedTls(files, ReloadedTls.DEFAULT_PERIOD, ReloadListener.NONE));
            } catch (IllegalArgumentException invalid) {
                throw new CliException(invalid.getMessage(), "set the option to a valid PEM file");
            }
        }
        return tls;
    }
}
