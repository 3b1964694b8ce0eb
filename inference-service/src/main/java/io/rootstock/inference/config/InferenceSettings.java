package io.rootstock.inference.config;

import io.quarkus.runtime.configuration.MemorySize;
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
    /** The alias that is followed, of every model. */
    @WithDefault("production")
    String alias();

    /** The number format to serve where a version comes in several; the next better one that is there otherwise. */
    @WithDefault("Q8_0")
    Variant variant();

    /** Requests of one model decoded at once. */
    @WithDefault("8")
    int slots();

    /** Requests of one model that may wait for a slot. */
    @WithDefault("64")
    int queue();

    /** Prompt tokens of one model's requests that may wait for a slot; as many as the queue has room for if not set. */
    OptionalLong queueTokens();

    /** Longest wait for a slot, where a request states none. */
    @WithDefault("60s")
    Duration queueTimeout();

    /** Texts of one model that may wait to be classified or embedded. */
    @WithDefault("4000")
    int textQueue();

    /** Most tokens of a request, prompt and answer, where the model was trained on more. */
    @WithDefault("4096")
    int contextLimit();

    /** Prompt tokens read between two tokens of running streams, times the texts whose prompts are read. */
    @WithDefault("128")
    int prefillChunk();

    /** Threads of a decode, shared by all models; as many as cores if not set. */
    OptionalInt threads();

    /** Keys and values in F32 (the trainer's own answers) instead of F16 (half the memory). */
    @WithDefault("true")
    boolean exact();

    /** Host memory for the states of one model's conversations that lost their slot, so that they are not read again; 0: none. */
    @WithDefault("256M")
    MemorySize savedStates();

    /** Low-rank adapters of one model in memory at once. */
    @WithDefault("16")
    int adapters();

    /** How long a reader may take nothing before its slot is given to others. */
    @WithDefault("30s")
    Duration stallLimit();

    /** How long running requests may go on once the service is asked to stop. */
    @WithDefault("20s")
    Duration drain();

    /** What happens when a promoted version does not fit into memory beside the one that serves. */
    @WithDefault("beside")
    SwapPolicy swap();

    /**
     * Where artifacts come from when the artifact store is no folder of this machine: a web address with the store's
     * layout below it, such as the registry's {@code http://registry:7410/artifacts}. The artifact store's folder where
     * not set.
     */
    Optional<URI> artifacts();

    /** Most bytes of the cache of artifacts, but for those of what is served. */
    @WithDefault("50G")
    MemorySize cache();

    /** How long after a version could not be loaded it is tried again. */
    @WithDefault("60s")
    Duration loadRetry();

    /** How long the first load of a file from outside may take, in the process that it has for itself. */
    @WithDefault("10m")
    Duration firstLoadTime();

    /** Most memory of that process; what serving the file is thought to take and 512 MiB if not set. */
    Optional<MemorySize> firstLoadMemory();

    /** Most bytes of an HTTP request's body; as gRPC's own limit. */
    @WithDefault("4M")
    MemorySize requestLimit();

    /** Where spans of requests are sent (an OTLP/HTTP collector, such as http://127.0.0.1:4318); none if not set. */
    Optional<URI> tracesEndpoint();
}
