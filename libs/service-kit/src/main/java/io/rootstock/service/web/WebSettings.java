package io.rootstock.service.web;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of RPCs over HTTP, for every service. */
@ConfigMapping(prefix = "rootstock.web")
public interface WebSettings {
    /**
     * Origins of pages that may call, such as {@code https://rootstock.example.com}, in addition to the address of the
     * request: for proxies that change the header Host. Not set: pages of the service's own address only.
     */
    Optional<List<String>> origins();

    /**
     * Names at which a service without tokens answers, in addition to {@code localhost}, names below it and loopback
     * addresses: a page could call by another name that resolves to this machine.
     */
    Optional<List<String>> hosts();

    /**
     * Time without data after which a connection is closed before its first request: a partial request head must not
     * keep it open.
     */
    @WithDefault("30s")
    Duration headTimeout();

    /**
     * Maximum number of RPCs over HTTP in flight, streams included; further ones are RESOURCE_EXHAUSTED. Each caller may
     * have one for each four that are free: a fifth of them when it is the only one.
     */
    @WithDefault("500")
    int calls();

    /** Maximum memory of requests that are being received and decoded, estimated from their sizes. */
    @WithDefault("256M")
    MemorySize requestMemory();
}
