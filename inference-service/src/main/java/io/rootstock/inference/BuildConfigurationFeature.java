package io.rootstock.inference;

import io.quarkus.runtime.configuration.QuarkusConfigFactory;
import org.graalvm.nativeimage.hosted.Feature;

/**
 * Leaves the configuration of the build out of the executable. Quarkus reads configuration once while the builder initializes
 * classes, and that object holds all environment variables of the builder, secrets included, and paths of its files. The
 * service creates another one when it starts, without this class.
 */
public final class BuildConfigurationFeature implements Feature {
    @Override
    public String getDescription() {
        return "Leaves the environment of the build out";
    }

    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        try {
            access.registerFieldValueTransformer(QuarkusConfigFactory.class.getDeclaredField("config"), (_, _) -> null);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this version of Quarkus keeps its configuration elsewhere", e);
        }
    }
}
