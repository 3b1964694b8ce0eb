package io.rootstock.inference.infer;

import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.openinference.InferParameter;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.service.Errors;
import java.util.Map;
import java.util.TreeMap;

/** Parameters of a request for completions. */
final class Parameters {
    private static final String FIELD = "parameters.";

    private Parameters() {}

    /**
     * Converts parameters to options; their values are checked with the request.
     *
     * @throws io.grpc.StatusRuntimeException if a parameter is unknown or has another type
     */
    static GenerationOptions options(Map<String, InferParameter> parameters) {
        GenerationOptions.Builder options = GenerationOptions.newBuilder();
        Sampling.Builder sampling = options.getSamplingBuilder();
        new TreeMap<>(parameters).forEach((name, value) -> {
            switch (name) {
                case "max_tokens" -> options.setMaxTokens(integer(name, value));
                case "temperature" -> sampling.setTemperature(number(name, value));
                case "top_k" -> sampling.setTopK(integer(name, value));
                case "top_p" -> sampling.setTopP(number(name, value));
                case "min_p" -> sampling.setMinP(number(name, value));
                case "seed" -> sampling.setSeed(integer(name, value));
                case "stop" -> options.addStop(text(name, value));
                default ->
                    throw Errors.invalidArgument(
                            FIELD + name,
                            "is not supported; these are: max_tokens, temperature, top_k, top_p, min_p, seed, stop");
            }
        });
        return options.build();
    }

    /** Names of the options in requests, for errors. */
    static FieldNames names() {
        FieldNames names = new FieldNames();
        names.put("options", "parameters");
        names.put("options.sampling", "parameters");
        names.put("options.max_tokens", "parameters.max_tokens");
        return names;
    }

    private static int integer(String name, InferParameter value) {
        long number = switch (value.getParameterChoiceCase()) {
            case INT64_PARAM -> value.getInt64Param();
            case UINT64_PARAM -> value.getUint64Param();
            case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET ->
                throw Errors.invalidArgument(FIELD + name, "must be an integer");
        };
        if (number != (int) number) {
            throw Errors.invalidArgument(FIELD + name, "must be an integer of 32 bits, was " + number);
        }
        return (int) number;
    }

    private static float number(String name, InferParameter value) {
        return switch (value.getParameterChoiceCase()) {
            case DOUBLE_PARAM -> (float) value.getDoubleParam();
            case INT64_PARAM, UINT64_PARAM -> integer(name, value);
            case BOOL_PARAM, STRING_PARAM, PARAMETERCHOICE_NOT_SET ->
                throw Errors.invalidArgument(FIELD + name, "must be a number");
        };
    }

    private static String text(String name, InferParameter value) {
        if (!value.hasStringParam()) {
            throw Errors.invalidArgument(FIELD + name, "must be a text");
        }
        return value.getStringParam();
    }
}
