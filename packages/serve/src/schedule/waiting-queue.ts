import type { WaitingImage } from './scheduler-event.js';

/**
 * Images in order of arrival. Removal from anywhere costs O(1), so that a thousand clients that disconnect at once do not
 * cost a million steps; the array that a policy reads is made only when it is read, and an arrival extends it in place.
 */
export class WaitingQueue {
  readonly #images = new Map<number, WaitingImage>();
  #view: WaitingImage[] | undefined = [];

  get size(): number {
    return this.#images.size;
  }

  has(id: number): boolean {
    return this.#images.has(id);
  }

  push(image: WaitingImage): void {
    this.#images.set(image.id, image);
    this.#view?.push(image);
  }

  /** @returns whether it was there */
  remove(id: number): boolean {
    if (!this.#images.delete(id)) return false;
    // The oldest leaves first as a rule: the array stays.
    if (this.#view?.[0]?.id === id) this.#view.shift();
    else this.#view = undefined;
    return true;
  }

  /** Without the array of all. */
  oldest(count: number): WaitingImage[] {
    const oldest: WaitingImage[] = [];
    for (const image of this.#images.values()) {
      if (oldest.length >= count) break;
      oldest.push(image);
    }
    return oldest;
  }

  /** Oldest first. Valid until the queue changes. */
  view(): readonly WaitingImage[] {
    this.#view ??= [...this.#images.values()];
    return this.#view;
  }
}
