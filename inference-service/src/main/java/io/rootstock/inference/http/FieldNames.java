package io.rootstock.inference.http;

import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.Errors;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Maps field names of the gRPC contract to those of the HTTP request, so that errors name the client's fields:
 * {@code options.sampling.top_p} is {@code top_p}, {@code tools.tools[0].name} is {@code tools[0].function.name}. If a
 * field has several HTTP names, the name that the request used is registered.
 */
public final class FieldNames {
    private static final Pattern OF_FUNCTION =
            Pattern.compile("(tools|tool_calls)(\\[\\d+])\\.(name|arguments|parameters)");

    private final Map<String, String> names = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("options", ""),
            Map.entry("options.sampling", ""),
            Map.entry("options.n", "n"),
            Map.entry("options.max_tokens", "max_tokens"),
            Map.entry("options.top_logprobs", "top_logprobs"),
            Map.entry("options.sampling.repeat_penalty", "repetition_penalty"),
            Map.entry("tools.tools", "tools"),
            Map.entry("tools.required_name", "tool_choice"),
            Map.entry("tools.mode", "tool_choice"),
            Map.entry("texts", "input"),
            Map.entry("token_sequences", "input")));

    /** Registers the request's name of a contract field. */
    public void put(String contract, String name) {
        names.put(contract, name);
    }

    /** The request's name of a field path in the contract; other paths are returned unchanged. */
    public String of(String contract) {
        String name = names.entrySet().stream()
                .filter(entry -> begins(contract, entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(entry ->
                        entry.getValue() + contract.substring(entry.getKey().length()))
                .orElse(contract);
        String bare = name.startsWith(".") ? name.substring(1) : name;
        return OF_FUNCTION
                .matcher(bare.replace("parameters_schema", "parameters"))
                .replaceFirst("$1$2.function.$3");
    }

    /** An equal error with the request's field names. */
    public StatusRuntimeException translated(StatusRuntimeException refusal) {
        return renamed(refusal, this::of);
    }

    /** An equal error with other field names. */
    public static StatusRuntimeException renamed(StatusRuntimeException refusal, UnaryOperator<String> names) {
        return ErrorDetails.find(refusal, BadRequest.class)
                .map(request -> {
                    Map<String, String> violations = new LinkedHashMap<>();
                    for (FieldViolation violation : request.getFieldViolationsList()) {
                        violations.put(names.apply(violation.getField()), violation.getDescription());
                    }
                    return Errors.invalidArguments(ErrorDetails.reason(refusal).orElseThrow(), violations);
                })
                .orElse(refusal);
    }

    private static boolean begins(String path, String prefix) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length()
                        || path.charAt(prefix.length()) == '.'
                        || path.charAt(prefix.length()) == '[');
    }
}
