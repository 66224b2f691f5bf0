import { basename } from 'node:path';
import type { Point } from '@servelab/core';

type PointError = NonNullable<Point['errors']>[number];

/** Why requests were not right: how many for each reason, and below it the first of them. */
export function errorRows({ errors = [] }: Point, imagePaths: readonly string[]): [string, string][] {
  return errors.filter(isExplained).flatMap((error): [string, string][] => [
    ['error', reasonWords(error)],
    ['', exampleWords(error, imagePaths)],
  ]);
}

/** The same in one line for each reason of each load. @param where what the load is called */
export function errorLines(where: string, { errors = [] }: Pick<Point, 'errors'>): string[] {
  return errors.filter(isExplained).map((error) => {
    const { answer } = error.example;
    return `${where}: ${reasonWords(error)}${answer === undefined ? '' : `, such as ${answer}`}`;
  });
}

/** A request that timed out or was not waited for says so in its outcome. */
const isExplained = ({ reason }: PointError): boolean => reason !== '';

const reasonWords = ({ count, reason }: PointError): string => `${count} x ${reason}`;

function exampleWords({ example }: PointError, imagePaths: readonly string[]): string {
  const path = imagePaths[example.image];
  const image = path === undefined ? '' : `, ${basename(path)}`;
  const answer = example.answer === undefined ? '' : `: ${example.answer}`;
  return `first at ${example.at_s.toFixed(2)} s${image}${answer}`;
}
