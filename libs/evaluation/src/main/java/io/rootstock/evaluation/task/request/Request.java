package io.rootstock.evaluation.task.request;

/** A request to a model. */
public sealed interface Request
        permits LoglikelihoodRequest,
                RollingRequest,
                GenerateRequest,
                ChatLoglikelihoodRequest,
                ChatGenerateRequest,
                ClassifyRequest {}
