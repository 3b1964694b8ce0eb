package io.rootstock.inference.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.rootstock.trainer.v1.GgufFile;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Settings of serving, also set by environment variables such as {@code ROOTSTOCK_INFERENCE_SLOTS}. */
@ConfigMapping(prefix = "rootstock.inference")
public interface InferenceSettings {
    /**
     * Version to serve, {@code models/{model}/versions/{number}}: the service loads this version only, follows no
     * aliases, and is ready once it is loaded. Not set: the versions that {@code rootstock.inference.alias} points to.
     */
    Optional<String> pinnedVersion();

    /** Alias whose version is served, for every model. */
    @WithDefault("production")
    String alias();

    /**
     * Quantization to serve; if a version does not have it, the next more precise one. ORIGINAL: the file that a model was
     * imported from; of other models Q8_0.
     */
    @WithDefault("Q8_0")
    GgufFile variant();

    /** Maximum number of requests of a model that are decoded in one batch. */
    @WithDefault("8")
    int slots();

    /** Maximum number of requests of a model that wait for a slot. */
    @WithDefault("64")
    int queue();

    /** Maximum number of prompt tokens of a model's waiting requests. Not set: limited by the queue only. */
    OptionalLong queueTokens();

    /** Maximum wait for a slot if the request does not set one. */
    @WithDefault("60s")
    Duration queueTimeout();

    /** Maximum number of texts of a model that wait to be classified or embedded. */
    @WithDefault("4000")
    int textQueue();

    /** Maximum number of tokens of a request, prompt and answer; at most the context length of the model. */
    @WithDefault("4096")
    int contextLimit();

    /** Prompt tokens read between two tokens of running streams, times the texts whose prompts are read. */
    @WithDefault("128")
    int prefillChunk();

    /** Threads of a decode, shared by all models. Not set: the number of cores. */
    OptionalInt threads();

    /** Keys and values in F32 (answers equal to the trainer's) instead of F16 (half the memory). */
    @WithDefault("true")
    boolean exact();

    /** Memory of a model's prompt cache, which keeps conversations that lost their slot; 0: off. */
    @WithDefault("256M")
    MemorySize promptCache();

    /** Time that responses of {@code /v1/responses} can be retrieved and continued; they are lost at a restart. */
    @WithDefault("1h")
    Duration responseTime();

    /** Memory of these responses; the oldest are dropped; 0: none is kept. */
    @WithDefault("64M")
    MemorySize responseMemory();

    /** Maximum number of low-rank adapters of a model in memory. */
    @WithDefault("16")
    int adapters();

    /** Time without a read by the client after which a stream loses its slot. */
    @WithDefault("30s")
    Duration stallLimit();

    /**
     * Maximum time that running requests may take after the service has received SIGTERM and
     * {@code rootstock.shutdown.lame-duck} is over.
     */
    @WithDefault("20s")
    Duration drain();

    /** Policy for a promoted version that does not fit into memory in addition to the served version. */
    @WithDefault("beside")
    SwapPolicy swap();

    /**
     * HTTP address of a remote artifact store, such as the registry's {@code http://registry:7410/artifacts}. Not set:
     * the artifact store's folder on this machine.
     */
    Optional<URI> artifacts();

    /**
     * HTTP address of the other instances of this service, such as {@code http://inference-http:7413}: while the registry is
     * unavailable, an instance that has not served before serves what another one serves. Not set: it waits for the
     * registry.
     */
    Optional<URI> peers();

    /**
     * Maximum size of the artifact cache in {@code rootstock.home}; must be below the size of its volume. A version whose
     * files do not fit beside those of the served versions is not loaded. Hard links to an artifact store on the same file
     * system use no space and may exceed it.
     */
    @WithDefault("50G")
    MemorySize cache();

    /** Delay before the load of a version is retried after a failure. */
    @WithDefault("60s")
    Duration loadRetry();

    /** Maximum time of the first load of an imported file, which takes place in a process of its own. */
    @WithDefault("10m")
    Duration firstLoadTime();

    /** Maximum memory of that process. Not set: the estimate for serving the file plus 512 MiB. */
    Optional<MemorySize> firstLoadMemory();

    /** Maximum size of the body of an HTTP request; equal to the limit of gRPC. */
    @WithDefault("4M")
    MemorySize requestLimit();

    /** Maximum size of a file, or of a part of an upload, in an HTTP request. */
    @WithDefault("512M")
    MemorySize fileLimit();

    /** OTLP/HTTP collector that receives the spans of requests, such as http://127.0.0.1:4318. Not set: tracing is off. */
    Optional<URI> tracesEndpoint();
}
