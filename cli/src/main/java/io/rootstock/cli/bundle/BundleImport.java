package io.rootstock.cli.bundle;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.ArtifactUpload;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Pages;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.operation.VersionRegistration;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Imports the versions of a bundle. All names are checked before anything is sent; artifacts that the
 * installation has are not sent; a version with the same artifacts is used instead of a new one. So a repeated import
 * continues where the last one ended.
 */
public final class BundleImport {
    private static final Set<ArtifactKind> MADE = Set.copyOf(GgufFile.kinds(GgufFile.MADE));

    private final Clients clients;
    private final BundleFile file;
    private final List<Plan> plans = new ArrayList<>();

    /**
     * A version to import.
     *
     * @param model models/{model}
     * @param tokenizer tokenizers/{tokenizer}; empty: it has none
     * @param existing the version of the model with the same artifacts, if there is one
     */
    private record Plan(Version version, String model, String tokenizer, Optional<Version> existing) {}

    /**
     * Decides the names of the versions and checks them.
     *
     * @param model name of the model
     * @param tokenizer name of the model's tokenizer; empty: as in the bundle
     * @param base name of the model of the base that an adapter needs; empty: as in the bundle, if it is new
     */
    public BundleImport(
            Clients clients, BundleFile file, String model, Optional<String> tokenizer, Optional<String> base) {
        this.clients = clients;
        this.file = file;
        List<Version> versions = file.contents().getVersionsList();
        Version exported = versions.getLast();
        if (base.isPresent() && versions.size() == 1) {
            throw new CliException("--base-name is for the base of an adapter", "the bundle has no base; omit it");
        }
        for (int i = 0; i < versions.size(); i++) {
            Version version = versions.get(i);
            boolean last = i == versions.size() - 1;
            String name = last
                    ? Names.of("models", model)
                    : base.map(given -> Names.of("models", given))
                            .orElse(VersionName.parse(version.getName()).modelName());
            Optional<Version> existing = existing(name, version);
            if (!last && existing.isEmpty() && base.isEmpty() && exists(name)) {
                throw new CliException(
                        name + " exists, and none of its versions is the base in the bundle",
                        "name a model for the base: --base-name NAME (" + Names.id(name) + " to add it there)");
            }
            boolean renamed = version.getTokenizerDigest().equals(exported.getTokenizerDigest());
            plans.add(new Plan(version, name, tokenizer(version, renamed ? tokenizer : Optional.empty()), existing));
        }
    }

    /** The version, if it was imported before. */
    public Optional<Version> existing() {
        return plans.getLast().existing();
    }

    /**
     * Sends the missing artifacts and registers the missing versions.
     *
     * @param sent called with the bytes sent so far
     * @return the imported version
     */
    public Version run(LongConsumer sent) {
        ArtifactUpload.send(clients, file.contents().getArtifactsList(), file::open, sent);
        Map<String, String> registered = new LinkedHashMap<>();
        Version result = Version.getDefaultInstance();
        for (Plan plan : plans) {
            result = plan.existing().isPresent()
                    ? plan.existing().get()
                    : VersionRegistration.register(
                            clients,
                            plan.model(),
                            plan.version().toBuilder()
                                    .clearName()
                                    .clearJob()
                                    .clearCreateTime()
                                    .setTokenizer(plan.tokenizer())
                                    .setParent(registered.getOrDefault(
                                            plan.version().getParent(), "")));
            registered.put(plan.version().getName(), result.getName());
        }
        return result;
    }

    private String tokenizer(Version version, Optional<String> given) {
        if (version.getTokenizer().isEmpty()) {
            return "";
        }
        String name = given.map(id -> Names.of("tokenizers", id)).orElse(version.getTokenizer());
        Optional<Tokenizer> found = VersionRegistration.tokenizer(clients, name);
        if (found.isPresent() && !found.get().getDigest().equals(version.getTokenizerDigest())) {
            throw new CliException(
                    name + " exists and is another tokenizer than the one in the bundle",
                    "choose another name for it: --tokenizer NAME");
        }
        return name;
    }

    private boolean exists(String model) {
        return !versions(model).isEmpty();
    }

    private Optional<Version> existing(String model, Version version) {
        return versions(model).stream()
                .filter(each -> each.getKind() == version.getKind()
                        && each.getLabelsList().equals(version.getLabelsList())
                        && digests(each).equals(digests(version)))
                .findFirst();
    }

    /** The versions of a model, newest first; none if it does not exist. */
    private List<Version> versions(String model) {
        try {
            return Pages.all(
                    token -> clients.models()
                            .listVersions(ListVersionsRequest.newBuilder()
                                    .setModel(model)
                                    .setPageSize(Pages.SIZE)
                                    .setPageToken(token)
                                    .setShowArchived(true)
                                    .build()),
                    ListVersionsResponse::getVersionsList,
                    ListVersionsResponse::getNextPageToken);
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return List.of();
            }
            throw failure;
        }
    }

    /** Digests by kind, without GGUF files that can be made of the version's Hugging Face directory. */
    private static Map<ArtifactKind, String> digests(Version version) {
        boolean weights = version.getArtifactsList().stream()
                .anyMatch(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_HUGGING_FACE);
        return version.getArtifactsList().stream()
                .filter(artifact -> !weights || !MADE.contains(artifact.getKind()))
                .collect(Collectors.toMap(Artifact::getKind, Artifact::getDigest, (first, _) -> first));
    }
}
