package io.rootstock.corpus.engine.spi;

import io.rootstock.corpus.DocumentStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Readers and steps of this process. Each is created once, because a step may hold a large model; a process with more than
 * {@value #MAX_COMPONENTS} different ones, of several jobs, drops them all and creates those in use again.
 */
public final class Components {
    private static final int MAX_COMPONENTS = 256;
    private static final List<StepProvider> STEP_PROVIDERS = providers(StepProvider.class);
    private static final List<ReaderProvider> READER_PROVIDERS = providers(ReaderProvider.class);
    private static final Map<ComponentSpec, DocumentStep> STEPS = new ConcurrentHashMap<>();
    private static final Map<ComponentSpec, DocumentReader> READERS = new ConcurrentHashMap<>();

    private Components() {}

    /** Returns a step; throws {@link IllegalArgumentException} if it is unknown or of another version. */
    public static DocumentStep step(ComponentSpec spec) {
        return find(STEPS, spec, key -> {
            DocumentStep step = create(key, "step", STEP_PROVIDERS, provider -> provider.create(key));
            requireVersion(key, "step", step.version());
            return step;
        });
    }

    /** Returns a reader; throws {@link IllegalArgumentException} if it is unknown or of another version. */
    public static DocumentReader reader(ComponentSpec spec) {
        return find(READERS, spec, key -> {
            DocumentReader reader = create(key, "reader", READER_PROVIDERS, provider -> provider.create(key));
            requireVersion(key, "reader", reader.version());
            return reader;
        });
    }

    private static <T> T find(Map<ComponentSpec, T> known, ComponentSpec spec, Function<ComponentSpec, T> creation) {
        if (known.size() >= MAX_COMPONENTS) {
            known.clear();
        }
        return known.computeIfAbsent(spec, creation);
    }

    private static <P, T> T create(
            ComponentSpec spec, String kind, List<P> providers, Function<P, Optional<T>> creation) {
        return providers.stream()
                .map(creation)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown " + kind + " " + spec.name()
                        + "; add the jar that provides it to the class path of the workers"));
    }

    private static void requireVersion(ComponentSpec spec, String kind, int actual) {
        if (actual != spec.version()) {
            throw new IllegalArgumentException(kind + " " + spec.name() + " has version " + actual
                    + " here, and the job states " + spec.version() + "; use the jar that the job was planned with");
        }
    }

    private static <P> List<P> providers(Class<P> type) {
        return ServiceLoader.load(type, type.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
