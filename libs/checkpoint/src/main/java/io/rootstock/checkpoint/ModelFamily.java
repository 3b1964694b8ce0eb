package io.rootstock.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** The families whose models are Llama's but for their heads. SmolLM and SmolLM2 are Llama models. */
public enum ModelFamily {
    /** Llama and SmolLM. */
    LLAMA("llama", "Llama", "llama"),
    /** Mistral, without its sliding window. */
    MISTRAL("mistral", "Mistral", "llama"),
    /** Qwen2 and Qwen2.5: queries, keys and values have a bias. */
    QWEN2("qwen2", "Qwen2", "qwen2"),
    /** Qwen3: each head of queries and keys is normed. */
    QWEN3("qwen3", "Qwen3", "qwen3");

    private final String modelType;
    private final String className;
    private final String architecture;

    ModelFamily(String modelType, String className, String architecture) {
        this.modelType = modelType;
        this.className = className;
        this.architecture = architecture;
    }

    /** The family of a {@code model_type}. */
    public static Optional<ModelFamily> ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst();
    }

    /** The family that a GGUF architecture is read as; Mistral's files say llama. */
    static Optional<ModelFamily> ofArchitecture(String architecture) {
        return Arrays.stream(values())
                .filter(family -> family.architecture.equals(architecture))
                .findFirst();
    }

    /** Hugging Face's {@code model_type}. */
    public String modelType() {
        return modelType;
    }

    /** Hugging Face's name of the language model's class. */
    String languageModel() {
        return className + "ForCausalLM";
    }

    /** Hugging Face's name of the classifier's class. */
    String classifier() {
        return className + "ForSequenceClassification";
    }

    /** GGUF's {@code general.architecture}. */
    public String architecture() {
        return architecture;
    }

    /** Whether the projections of queries, keys and values have a bias. */
    public boolean biases() {
        return this == QWEN2;
    }

    /** Whether each head of queries and keys is normed. */
    public boolean headNorms() {
        return this == QWEN3;
    }

    /** Whether llama.cpp turns neighbouring pairs of a head; otherwise it turns as Hugging Face does. */
    boolean turnsNeighbours() {
        return architecture.equals("llama");
    }
}
