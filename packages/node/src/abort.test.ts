import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { abortable, settledOrAborted } from './abort.js';

const never = () => new Promise<never>(() => {});

describe('abortable', () => {
  it('returns the result of the work, and leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    expect(await abortable(signal, async () => 7)).toBe(7);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('throws the reason of the signal while the work goes on', async () => {
    const controller = new AbortController();
    const waiting = abortable(controller.signal, never);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('does not start the work after the signal', async () => {
    let started = false;
    const work = async () => {
      started = true;
    };
    await expect(abortable(AbortSignal.abort(new Error('stop')), work)).rejects.toThrow('stop');
    expect(started).toBe(false);
  });

  it('throws the error of the work', async () => {
    const work = async () => {
      throw new Error('failed');
    };
    const { signal } = new AbortController();
    await expect(abortable(signal, work)).rejects.toThrow('failed');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('settledOrAborted', () => {
  it('resolves when the signal is aborted, before and during the wait', async () => {
    await settledOrAborted(never(), AbortSignal.abort());
    const controller = new AbortController();
    const waiting = settledOrAborted(never(), controller.signal);
    controller.abort();
    await waiting;
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('resolves when the work is done', async () => {
    const { signal } = new AbortController();
    await settledOrAborted(Promise.resolve(), signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
