package io.rootstock.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** Model families that differ from Llama only in attention. SmolLM and SmolLM2 are Llama models. */
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

    /** Finds the family of Hugging Face's {@code model_type}. */
    public static Optional<ModelFamily> ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst();
    }

    /** Finds the family of a GGUF architecture; Mistral's files state llama. */
    public static Optional<ModelFamily> ofArchitecture(String architecture) {
        return Arrays.stream(values())
                .filter(family -> family.architecture.equals(architecture))
                .findFirst();
    }

    /** Hugging Face's {@code model_type}. */
    public String modelType() {
        return modelType;
    }

    /** Hugging Face's class name of the language model. */
    public String languageModel() {
        return className + "ForCausalLM";
    }

    /** Hugging Face's class name of the classifier. */
    public String classifier() {
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

    /** Whether queries and keys are normalized per head. */
    public boolean headNorms() {
        return this == QWEN3;
    }

    /**
     * Whether llama.cpp rotates neighbouring pairs of a head; otherwise it pairs i with i + hd/2, as Hugging Face does.
     */
    public boolean interleavedRope() {
        return architecture.equals("llama");
    }
}
