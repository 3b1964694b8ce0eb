import type { DescService } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { EvaluationService } from '../gen/rootstock/evaluation/v1/evaluation_pb';
import { GateService } from '../gen/rootstock/evaluation/v1/gate_pb';
import { ControlService } from '../gen/rootstock/inference/v1/control_pb';
import { InferenceService } from '../gen/rootstock/inference/v1/inference_pb';
import { IdentityService } from '../gen/rootstock/registry/v1/identity_pb';
import { JobService } from '../gen/rootstock/registry/v1/job_pb';
import { ModelService } from '../gen/rootstock/registry/v1/model_pb';
import { DatasetService } from '../gen/rootstock/tokenizer/v1/dataset_pb';
import { TokenizerService } from '../gen/rootstock/tokenizer/v1/tokenizer_pb';
import { TrainerService } from '../gen/rootstock/trainer/v1/trainer_pb';

// The registry serves this page and forwards the RPCs of the other services. The session's cookie goes along by itself.
const transport = createConnectTransport({ baseUrl: window.location.origin, useBinaryFormat: true });

function client<S extends DescService>(service: S): Client<S> {
  return createClient(service, transport);
}

export const jobs = client(JobService);
export const models = client(ModelService);
export const identity = client(IdentityService);
export const gates = client(GateService);
export const evaluations = client(EvaluationService);
export const inference = client(InferenceService);
export const control = client(ControlService);
export const datasets = client(DatasetService);
export const tokenizers = client(TokenizerService);
export const trainer = client(TrainerService);
