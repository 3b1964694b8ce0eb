import type { Job } from '../gen/rootstock/registry/v1/job_pb';
import type { JobKind, JobState } from '../gen/rootstock/job/v1/job_state_pb';
import type { Model } from '../gen/rootstock/registry/v1/model_pb';
import type { Dataset } from '../gen/rootstock/tokenizer/v1/dataset_pb';
import type { Tokenizer } from '../gen/rootstock/tokenizer/v1/tokenizer_pb';
import { datasets, jobs, models, tokenizers } from './clients';
import type { ListSource } from './useWatchedList';

/** Page size of lists. */
export const PAGE = 200;

/** Largest page size of the services. */
export const MAX_PAGE = 1000;

export interface JobQuery {
  kinds: JobKind[];
  states: JobState[];
  /** Filter expression; empty: all jobs. */
  filter: string;
}

/** Jobs, newest first. */
export const jobList: ListSource<JobQuery, Job> = {
  async *watch({ kinds, states, filter }, signal) {
    for await (const message of jobs.watchJobs({ pageSize: PAGE, kinds, states, filter }, { signal })) {
      yield { changed: message.jobs, names: message.names, next: message.nextPageToken };
    }
  },
  async page({ kinds, states, filter }, pageToken) {
    const page = await jobs.listJobs({ pageSize: PAGE, pageToken, kinds, states, filter });
    return { items: page.jobs, next: page.nextPageToken };
  },
};

/** Models by name; the query is a filter expression, empty: all models. */
export const modelList: ListSource<string, Model> = {
  async *watch(filter, signal) {
    for await (const message of models.watchModels({ pageSize: PAGE, filter }, { signal })) {
      yield { changed: message.models, names: message.names, next: message.nextPageToken };
    }
  },
  async page(filter, pageToken) {
    const page = await models.listModels({ pageSize: PAGE, pageToken, filter });
    return { items: page.models, next: page.nextPageToken };
  },
};

/** Datasets by name; the query is a filter expression, empty: all datasets. */
export const datasetList: ListSource<string, Dataset> = {
  async *watch(filter, signal) {
    for await (const message of datasets.watchDatasets({ pageSize: PAGE, filter }, { signal })) {
      yield { changed: message.datasets, names: message.names, next: message.nextPageToken };
    }
  },
  async page(filter, pageToken) {
    const page = await datasets.listDatasets({ pageSize: PAGE, pageToken, filter });
    return { items: page.datasets, next: page.nextPageToken };
  },
};

/** Tokenizers by name; the query is a filter expression, empty: all tokenizers. */
export const tokenizerList: ListSource<string, Tokenizer> = {
  async *watch(filter, signal) {
    for await (const message of tokenizers.watchTokenizers({ pageSize: PAGE, filter }, { signal })) {
      yield { changed: message.tokenizers, names: message.names, next: message.nextPageToken };
    }
  },
  async page(filter, pageToken) {
    const page = await tokenizers.listTokenizers({ pageSize: PAGE, pageToken, filter });
    return { items: page.tokenizers, next: page.nextPageToken };
  },
};
