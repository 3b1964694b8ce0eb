package io.rootstock.bench.security;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.rootstock.bench.security.Tenants.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Requests made of a method's descriptor: with names and values as users send them, and mutations of those. */
final class Requests {
    private static final int MAX_DEPTH = 5;
    private static final int MAX_MUTATIONS = 3;
    private static final double SET_MESSAGE = 0.6;
    /** Every second request has few fields besides names: most optional ones exclude each other or need a certain state. */
    private static final double SET_IN_SPARSE = 0.15;

    private static final int MANY = 2000;
    /** A little more than a service accepts. */
    private static final int MAX_BYTES = 5 << 20;

    private static final int LONG_TEXT = 100_000;
    private static final String ABSENT = "sha256:" + "0".repeat(64);

    private static final Set<String> NAMES = Set.of(
            "name",
            "names",
            "parent",
            "model",
            "output_model",
            "version",
            "base",
            "alias",
            "dataset",
            "tokenizer",
            "suite",
            "job",
            "run",
            "run_id",
            "principal",
            "digest",
            "text",
            "texts",
            "prompt",
            "page_size");

    private static final List<String> HOSTILE_TEXTS = List.of(
            "",
            "../../../etc/passwd",
            "models/x/versions/99999999999999999999",
            "models/x/versions/-1",
            "x'; drop table model; --",
            "\u202emodels/x",
            "x\0y",
            "\ud83d\ude00".repeat(300),
            "name = \"" + "\\".repeat(500),
            "(".repeat(5000) + "name=\"x\"" + ")".repeat(5000),
            "name=\"x\" AND ".repeat(2000) + "name=\"x\"",
            "name desc, ".repeat(2000),
            "{".repeat(5000),
            "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
            "x".repeat(LONG_TEXT),
            "AAAA",
            "-1",
            "NaN");

    private final Random random;
    private final String secret;
    /** Probability with which a field of the current request that is no name is set. */
    private double setField = 1;

    /** @param secret text of descriptions: the caller's */
    Requests(Random random, String secret) {
        this.random = random;
        this.secret = secret;
    }

    /** Returns a request about the resources of a tenant. */
    Message valid(String rpc, Descriptor type, Tenant tenant) {
        setField = random.nextBoolean() ? SET_IN_SPARSE : 1;
        return message(rpc, type, tenant, 0);
    }

    private Message message(String rpc, Descriptor type, Tenant tenant, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            boolean inner = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (field.isMapField()
                    || (depth == 0 && !NAMES.contains(field.getName()) && random.nextDouble() > setField)
                    || (inner && (depth == MAX_DEPTH || random.nextDouble() > SET_MESSAGE))
                    || (field.getContainingOneof() != null
                            && (message.hasOneof(field.getContainingOneof()) || random.nextBoolean()))) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    message.addRepeatedField(field, value(rpc, field, tenant, depth));
                }
            } else {
                message.setField(field, value(rpc, field, tenant, depth));
            }
        }
        return message.build();
    }

    private Object value(String rpc, FieldDescriptor field, Tenant tenant, int depth) {
        return switch (field.getJavaType()) {
            case MESSAGE -> message(rpc, field.getMessageType(), tenant, depth + 1);
            case STRING -> text(rpc, field.getName(), tenant);
            case INT -> field.getName().equals("page_size") ? 100 : random.nextInt(1, 9);
            case LONG -> (long) random.nextInt(1, 9);
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> field.getName().equals("validate_only") || random.nextInt(5) == 0;
            case BYTE_STRING -> ByteString.copyFromUtf8("The house is red.");
            case ENUM -> {
                EnumDescriptor values = field.getEnumType();
                yield values.getValues().get(random.nextInt(values.getValues().size()));
            }
        };
    }

    /** Text of a field: names of the tenant's resources where the contract has names. */
    private String text(String rpc, String field, Tenant tenant) {
        String version = tenant.name("models") + "/versions/1";
        return switch (field) {
            case "name" -> rpc.contains("/Delete") ? subject(rpc, tenant) + "-spare" : subject(rpc, tenant);
            case "model" -> random.nextBoolean() ? tenant.mark() : tenant.name("models");
            case "output_model" -> tenant.name("models") + "-new";
            case "version", "base", "parent", "canary_version" -> version;
            case "alias" -> tenant.name("models") + "/aliases/production";
            case "dataset" -> tenant.name("datasets");
            case "tokenizer" -> tenant.name("tokenizers");
            case "suite" -> tenant.name("suites");
            case "job", "run" -> tenant.job();
            case "run_id" -> tenant.job().substring("jobs/".length());
            case "principal" -> "users/" + tenant.mark() + "-viewer";
            case "digest", "hugging_face_digest", "source_digests", "tokenizer_digest" ->
                random.nextInt(4) == 0
                        ? ABSENT
                        : tenant.digests().get(random.nextInt(tenant.digests().size()));
            case "description", "reason" -> "of " + secret;
            case "split" -> List.of("train", "validation", "test").get(random.nextInt(3));
            case "filter",
                    "order_by",
                    "page_token",
                    "resume_token",
                    "etag",
                    "request_id",
                    "after",
                    "columns",
                    "delimiter" -> "";
            case "text", "texts", "prompt", "content", "continuations" -> "The house is red.";
            case "file_name" -> "rows.jsonl";
            default -> "x";
        };
    }

    /** Name of the resource that an RPC's field {@code name} means, by the RPC's noun. */
    private String subject(String rpc, Tenant tenant) {
        String service = rpc.substring(0, rpc.indexOf('/'));
        return switch (service) {
            case "ModelService" ->
                rpc.contains("Alias")
                        ? tenant.name("models") + "/aliases/production"
                        : rpc.endsWith("Model") ? tenant.name("models") : tenant.name("models") + "/versions/1";
            case "JobService" -> tenant.job();
            case "DatasetService", "ResourceService" -> tenant.name("datasets");
            case "TokenizerService" -> tenant.name("tokenizers");
            case "CorpusService" -> tenant.name("corpora");
            case "SuiteService" -> tenant.name("suites");
            case "IdentityService" -> "users/" + tenant.mark() + "-viewer";
            default -> tenant.mark();
        };
    }

    /** Returns a request with one to three fields changed. */
    Message mutated(Message request) {
        Message result = request;
        for (int i = random.nextInt(1, MAX_MUTATIONS + 1); i > 0; i--) {
            result = mutation(result, 0);
        }
        return result;
    }

    private Message mutation(Message message, int depth) {
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return message;
        }
        FieldDescriptor field = fields.get(random.nextInt(fields.size()));
        Message.Builder builder = message.toBuilder();
        if (field.isMapField()) {
            return message;
        }
        if (field.isRepeated()) {
            Object element = hostile(builder, field, depth);
            List<Object> elements = new ArrayList<>();
            int size = switch (element) {
                case Message inner -> inner.getSerializedSize();
                case String text -> text.length();
                case ByteString bytes -> bytes.size();
                default -> Long.BYTES;
            };
            for (int i = random.nextInt(8) == 0 ? Math.min(MANY, 1 + MAX_BYTES / (1 + size)) : 1; i > 0; i--) {
                elements.add(element);
            }
            return builder.setField(field, elements).build();
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && random.nextInt(4) > 0) {
            return builder.setField(field, mutation((Message) message.getField(field), depth + 1))
                    .build();
        }
        return random.nextInt(8) == 0
                ? builder.clearField(field).build()
                : builder.setField(field, hostile(builder, field, depth)).build();
    }

    private Object hostile(Message.Builder parent, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                Message empty = parent.newBuilderForField(field).build();
                yield depth < MAX_DEPTH ? mutation(empty, depth + 1) : empty;
            }
            case STRING -> HOSTILE_TEXTS.get(random.nextInt(HOSTILE_TEXTS.size()));
            case INT -> pick(Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 0);
            case LONG -> pick(Long.MIN_VALUE, Long.MAX_VALUE, -1L, 0L);
            case FLOAT -> pick(Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -0f);
            case DOUBLE -> pick(Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, -0d);
            case BOOLEAN -> random.nextBoolean();
            case BYTE_STRING -> {
                byte[] bytes = new byte[pick(0, 1, 1000, 1 << 20)];
                random.nextBytes(bytes);
                yield ByteString.copyFrom(bytes);
            }
            case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(pick(0, -1, 99, 1));
        };
    }

    /** Returns bytes that differ from a message's in a few places, or end early. */
    byte[] damaged(byte[] message) {
        if (message.length == 0 || random.nextInt(3) == 0) {
            byte[] garbage = new byte[random.nextInt(1, 200)];
            random.nextBytes(garbage);
            return garbage;
        }
        byte[] result = java.util.Arrays.copyOf(message, random.nextInt(1, message.length + 1));
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            result[random.nextInt(result.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return result;
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }
}
