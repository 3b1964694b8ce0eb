package io.rootstock.service.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** Histogram buckets of the framework's timer of gRPC calls, for quantiles of the latency by method and status. */
@ApplicationScoped
class RpcHistogram {
    private static final String TIMER = "grpc.server.processing.duration";

    /** Seconds, from a read of one row to a long stream. */
    private static final double[] BUCKETS = DoubleStream.of(0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 60)
            .map(seconds -> seconds * Duration.ofSeconds(1).toNanos())
            .toArray();

    @Produces
    @Singleton
    MeterFilter buckets() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(TIMER)
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(BUCKETS)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }
}
