package io.rootstock.registry.web;

import io.grpc.ManagedChannel;
import io.grpc.ServiceDescriptor;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.config.RegistrySettings;
import io.rootstock.service.GrpcChannels;
import io.rootstock.service.web.ForwardedServices;
import io.rootstock.service.web.ForwardedServices.RpcTarget;
import io.rootstock.tokenizer.v1.CorpusServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;

/**
 * RPCs of the tokenizer service, the trainer and the inference service at the registry's HTTP port. Each call carries the
 * token of its caller: the other service decides what the caller may do.
 */
@ApplicationScoped
class ForwardedRpcs implements ForwardedServices {
    private final ManagedChannel tokenizer;
    private final ManagedChannel trainer;
    private final ManagedChannel inference;

    /** Required by the CDI client proxy. */
    ForwardedRpcs() {
        tokenizer = null;
        trainer = null;
        inference = null;
    }

    @Inject
    ForwardedRpcs(RegistrySettings settings, GrpcChannels channels) {
        tokenizer = channels.openWithoutToken(settings.tokenizer().endpoint());
        trainer = channels.openWithoutToken(settings.trainer().endpoint());
        inference = channels.openWithoutToken(settings.inference().endpoint());
    }

    @Override
    public List<RpcTarget> targets() {
        return Stream.of(
                        targets(
                                tokenizer,
                                TokenizerServiceGrpc.getServiceDescriptor(),
                                DatasetServiceGrpc.getServiceDescriptor(),
                                CorpusServiceGrpc.getServiceDescriptor()),
                        targets(trainer, TrainerServiceGrpc.getServiceDescriptor()),
                        targets(
                                inference,
                                InferenceServiceGrpc.getServiceDescriptor(),
                                ControlServiceGrpc.getServiceDescriptor()))
                .flatMap(targets -> targets)
                .toList();
    }

    private static Stream<RpcTarget> targets(ManagedChannel channel, ServiceDescriptor... services) {
        return Stream.of(services).map(service -> new RpcTarget(service, channel));
    }

    @PreDestroy
    void close() {
        Stream.of(tokenizer, trainer, inference).forEach(ManagedChannel::shutdownNow);
    }
}
