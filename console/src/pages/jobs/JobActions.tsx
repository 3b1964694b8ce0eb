import { Button, Modal, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { may, useCaller } from '../../api/caller';
import { jobs } from '../../api/clients';
import { Failure } from '../../components/Failure';
import { Role } from '../../gen/rootstock/access/v1/access_pb';
import type { Job } from '../../gen/rootstock/registry/v1/job_pb';
import { JobKind, JobState } from '../../gen/rootstock/job/v1/job_state_pb';
import { id } from '../../lib/format';
import { model } from './text';

const RESUMABLE = [JobState.PAUSED, JobState.NEEDS_RECOVERY, JobState.FAILED, JobState.CANCELLED];
const ACTIVE = [JobState.VALIDATING, JobState.QUEUED, JobState.RUNNING, JobState.PAUSED, JobState.NEEDS_RECOVERY];

/** Pause, resume and cancel, where the state of the job and the roles of the caller permit. */
export function JobActions({ job }: { job: Job }) {
  const caller = useCaller();
  const queries = useQueryClient();
  const [asking, ask] = useDisclosure();
  const { name } = job;
  const changed = () => queries.invalidateQueries({ queryKey: ['job', name] });
  const pause = useMutation({ mutationFn: () => jobs.pauseJob({ name }), onSettled: changed });
  const resume = useMutation({ mutationFn: () => jobs.resumeJob({ name }), onSettled: changed });
  const cancel = useMutation({ mutationFn: () => jobs.cancelJob({ name }), onSettled: changed });
  const evaluates = job.kind === JobKind.EVALUATE;
  if (!may(caller.data, Role.TRAINER, model(job))) {
    return null;
  }
  return (
    <>
      <Failure failure={pause.error ?? resume.error ?? cancel.error} />
      {job.state === JobState.RUNNING && !evaluates && (
        <Button size="compact-sm" variant="default" loading={pause.isPending} onClick={() => pause.mutate()}>
          Pause
        </Button>
      )}
      {RESUMABLE.includes(job.state) && (
        <Button size="compact-sm" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
          Resume
        </Button>
      )}
      {!evaluates && (
        <Button size="compact-sm" variant="default" component={Link} href={`/jobs/new?from=${id(name)}`}>
          Run again
        </Button>
      )}
      {ACTIVE.includes(job.state) && (
        <Button size="compact-sm" color="red" variant="outline" onClick={ask.open}>
          Cancel
        </Button>
      )}
      <Modal opened={asking} onClose={ask.close} title={`Cancel ${name}?`}>
        <Text size="sm">
          The job stops at once. It can be resumed from {evaluates ? 'the rows that are scored' : 'its last checkpoint'}
          .
        </Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={ask.close}>
            Keep running
          </Button>
          <Button
            color="red"
            onClick={() => {
              ask.close();
              cancel.mutate();
            }}
          >
            Cancel job
          </Button>
        </Group>
      </Modal>
    </>
  );
}
