package io.rootstock.bench.security;

import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.interop.TinyBase;
import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two tenants of an installation with a model, a dataset, a tokenizer and a job each, and their callers. The names of a
 * tenant's resources hold its mark, and their contents its secret, which no other caller knows: an answer to another
 * tenant that holds one of them is a leak.
 */
final class Tenants {
    private static final List<String> COLLECTIONS = List.of("models", "datasets", "tokenizers", "corpora");
    /** RPCs for admins, and for users about themselves. */
    private static final Set<String> SELF_SERVICE = Set.of(
            "IdentityService/CreateAccessToken",
            "IdentityService/GetPrincipal",
            "IdentityService/ListAccessTokens",
            "IdentityService/RevokeAccessToken",
            "IdentityService/RotateAccessToken");

    private static final int MARK_LENGTH = 10;
    private static final int ROWS = 400;

    /**
     * A tenant.
     *
     * @param mark part of the names of its resources
     * @param secret part of the contents of its resources
     * @param job name of its job
     * @param digests digests of its artifacts
     */
    record Tenant(String mark, String secret, String job, List<String> digests) {
        /** Returns the name of its resource in a collection. */
        String name(String collection) {
            return collection + "/" + mark;
        }
    }

    /**
     * A caller.
     *
     * @param label for tables
     * @param tenant null: an admin, or a caller without a role
     * @param role viewer, trainer, promoter, admin, or none
     * @param principal name of the user; empty: none
     * @param token empty: none
     */
    record Caller(String label, Tenant tenant, String role, String principal, String token) {
        /** Whether the caller may call an RPC of a role for resources of its own, among which is its own principal. */
        boolean isAdmitted(String rpc, String needed, String request) {
            if (SELF_SERVICE.contains(rpc) && !principal.isEmpty() && request.contains(principal)) {
                return true;
            }
            return switch (role) {
                case "admin" -> true;
                case "none" -> needed.equals("any") && !token.isEmpty();
                default -> List.of("any", "viewer", role).contains(needed);
            };
        }

        /** Metadata of a call. */
        Metadata headers() {
            Metadata headers = new Metadata();
            if (!token.isEmpty()) {
                headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + token);
            }
            return headers;
        }
    }

    final List<Tenant> tenants = new ArrayList<>();
    final List<Caller> callers = new ArrayList<>();
    private final Lifecycle life;

    /** Trains a tiny base and gives each tenant a copy. */
    Tenants(Lifecycle life, Random random, String adminToken) throws IOException {
        this.life = life;
        Version base = life.clients()
                .models()
                .getVersion(GetVersionRequest.newBuilder()
                        .setName(TinyBase.train(life))
                        .build())
                .getVersion();
        for (int i = 0; i < 2; i++) {
            Tenant tenant = tenant(letters(random), letters(random), base);
            tenants.add(tenant);
            for (Role role : List.of(Role.ROLE_VIEWER, Role.ROLE_TRAINER, Role.ROLE_PROMOTER)) {
                String word = role.name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
                String user = tenant.mark() + "-" + word;
                callers.add(
                        new Caller(word + " " + i, tenant, word, "users/" + user, token(user, tenant.mark(), role)));
            }
        }
        callers.add(new Caller("no role", null, "none", "users/norole", token("norole", "", Role.ROLE_UNSPECIFIED)));
        callers.add(new Caller("no token", null, "none", "", ""));
        callers.add(new Caller("admin", null, "admin", "", adminToken));
    }

    /** Returns the first caller with a role. */
    Caller caller(String role) {
        return callers.stream()
                .filter(caller -> caller.role().equals(role))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the tenant that is not the one of a caller. */
    Tenant other(Caller caller) {
        return tenants.getFirst().equals(caller.tenant()) ? tenants.getLast() : tenants.getFirst();
    }

    /** Returns a stub that calls as a caller. */
    static <S extends AbstractStub<S>> S as(Caller caller, S stub) {
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(caller.headers()));
    }

    private Tenant tenant(String mark, String secret, Version base) throws IOException {
        Path file = Files.write(
                life.home().resolve(mark + ".jsonl"),
                IntStream.range(0, ROWS)
                        .mapToObj(i -> "{\"text\": \"The house number " + i + " of " + secret + " is red.\"}")
                        .toList());
        String digest = life.upload(file);
        String tokenizer = life.clients()
                .tokenizers()
                .importTokenizer(ImportTokenizerRequest.newBuilder()
                        .setName("tokenizers/" + mark)
                        .setDigest(base.getTokenizerDigest())
                        .build())
                .getTokenizer()
                .getName();
        String dataset = life.prepare(PrepareDatasetRequest.newBuilder()
                        .setName("datasets/" + mark)
                        .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                        .setTokenizer(tokenizer)
                        .addSources(
                                DatasetSource.newBuilder().setName("sentences").setDigest(digest))
                        .build())
                .getName();
        for (int i = 0; i < 2; i++) {
            Version _ = life.clients()
                    .models()
                    .createVersion(CreateVersionRequest.newBuilder()
                            .setModel("models/" + mark)
                            .setVersion(Version.newBuilder()
                                    .setKind(base.getKind())
                                    .setTokenizer(tokenizer)
                                    .setTokenizerDigest(base.getTokenizerDigest())
                                    .setDescription("version of " + secret)
                                    .putTags("secret", secret)
                                    .addAllArtifacts(base.getArtifactsList()))
                            .build())
                    .getVersion();
        }
        String _ = life.clients()
                .models()
                .updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/" + mark)
                        .setDescription("model of " + secret)
                        .putTags("secret", secret)
                        .build())
                .getModel()
                .getName();
        life.promote("models/" + mark + "/versions/1");
        String job = life.clients()
                .jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset(dataset)
                                .setOutputModel("models/" + mark + "-job")
                                .setArchitecture(Architecture.newBuilder()
                                        .setDepth(1)
                                        .setDimension(64)
                                        .setHeads(2)
                                        .setContextLength(128))
                                .setHyperparameters(Hyperparameters.newBuilder().setTokens(1_000_000)))
                        .build())
                .getJob()
                .getName();
        String _ = life.clients()
                .jobs()
                .cancelJob(CancelJobRequest.newBuilder().setName(job).build())
                .getJob()
                .getName();
        return new Tenant(
                mark,
                secret,
                job,
                base.getArtifactsList().stream().map(Artifact::getDigest).toList());
    }

    private String token(String user, String prefix, Role role) {
        Principal.Builder principal = Principal.newBuilder().setName("users/" + user);
        if (role != Role.ROLE_UNSPECIFIED) {
            COLLECTIONS.forEach(collection ->
                    principal.addGrants(Grant.newBuilder().setRole(role).setPrefix(collection + "/" + prefix)));
        }
        String name = life.clients()
                .identity()
                .createPrincipal(CreatePrincipalRequest.newBuilder()
                        .setPrincipal(principal)
                        .build())
                .getPrincipal()
                .getName();
        return life.clients()
                .identity()
                .createAccessToken(
                        CreateAccessTokenRequest.newBuilder().setPrincipal(name).build())
                .getSecret();
    }

    /** Letters that occur in no other text. */
    private static String letters(Random random) {
        return random.ints(MARK_LENGTH, 'a', 'z' + 1)
                .mapToObj(letter -> String.valueOf((char) letter))
                .collect(Collectors.joining());
    }

    /** Returns the marks and secrets that an answer to a caller must not hold. */
    List<String> hidden(Caller caller) {
        return caller.role().equals("admin")
                ? List.of()
                : tenants.stream()
                        .filter(tenant -> !tenant.equals(caller.tenant()))
                        .flatMap(tenant -> Stream.of(tenant.mark(), tenant.secret()))
                        .toList();
    }
}
