import { ShapeMemory } from './shapeMemory';
import { SlidingWindow } from './slidingWindow';
import { Surprise } from './surprise';
import { ValueMemory } from './valueMemory';

/**
 * How new a value is in a series that comes one value at a time, seen in four ways: against the values so far, the
 * level of a short window against that at the same time of day, the floor of that window, and the shape of a longer
 * one. Each way measures the distance to its nearest neighbours in a bounded memory (as in the conformal detectors of
 * Laxhammar and Falkman 2014, and Burnaev and Ishimtsev 2016), turns it into surprise against its own past, and the
 * mean of the four is the score: several views that are each somewhat surprised outweigh one that is much.
 */
export interface NoveltyOptions {
  /** Values that make the series known, at least 50: windows are shares of it. */
  readonly learningLength: number;
  /** Values remembered. */
  readonly memory: number;
}

export class NoveltyStream {
  private values: ValueMemory;
  private floors: ValueMemory;
  private hours: readonly ValueMemory[];
  private shapes: ShapeMemory;
  private window: SlidingWindow;
  private surprises: readonly Surprise[] = Array.from({ length: views }, () => new Surprise());
  private range = new Range();
  private rangeOfFloors = new Range();
  private rangeOfMeans = new Range();

  constructor(private readonly options: NoveltyOptions) {
    const { learningLength, memory } = options;
    this.values = new ValueMemory(memory);
    this.floors = new ValueMemory(memory);
    this.hours = Array.from({ length: hoursOfDay }, () => new ValueMemory(Math.ceil(memory / hoursOfDay)));
    this.window = new SlidingWindow(Math.max(2, Math.round(learningLength / windowsInLearning)));
    const pieceLength = Math.max(1, Math.floor(learningLength / (shapesInLearning * shapePieces)));
    this.shapes = new ShapeMemory(shapePieces, pieceLength, shapesRemembered, shapeNeighbors);
  }

  /**
   * Scores the next value, then takes it in. @param timeOfDay its place in the day, from 0 to below 1; left out where
   * times are not known, the score rests on the other three ways.
   */
  update(value: number, timeOfDay?: number): number {
    this.window.add(value);
    const { mean, least: floor } = this.window;
    const range = this.range.with(value);
    let score = this.surprises[0]!.step(novelty(this.values, value, range));
    score += this.surprises[1]!.step(novelty(this.floors, floor, this.rangeOfFloors.with(floor)));
    const shape = this.shapes.step(value);
    score += this.surprises[2]!.step(range > 0 ? shape / range : 0);
    this.values.add(value);
    this.floors.add(floor);
    if (timeOfDay === undefined) return score / (views - 1);
    const hour = this.hours[Math.min(hoursOfDay - 1, Math.floor(timeOfDay * hoursOfDay))]!;
    score += this.surprises[3]!.step(novelty(hour, mean, this.rangeOfMeans.with(mean)));
    hour.add(mean);
    return score / views;
  }

  /** A stream in the same state that goes its own way. */
  copy(): NoveltyStream {
    const twin = new NoveltyStream(this.options);
    twin.values = this.values.copy();
    twin.floors = this.floors.copy();
    twin.hours = this.hours.map((hour) => hour.copy());
    twin.shapes = this.shapes.copy();
    twin.window = this.window.copy();
    twin.surprises = this.surprises.map((surprise) => surprise.copy());
    twin.range = this.range.copy();
    twin.rangeOfFloors = this.rangeOfFloors.copy();
    twin.rangeOfMeans = this.rangeOfMeans.copy();
    return twin;
  }
}

const views = 4;

/** How far apart the values so far lie. */
class Range {
  private least = Infinity;
  private most = -Infinity;

  with(value: number): number {
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
    return this.most - this.least;
  }

  copy(): Range {
    const twin = new Range();
    twin.least = this.least;
    twin.most = this.most;
    return twin;
  }
}

/** Distance to the values remembered, as a share of the whole range. */
function novelty(memory: ValueMemory, value: number, range: number): number {
  if (memory.size < fewestRemembered || range === 0) return 0;
  return memory.distance(value, neighbors) / range;
}

const neighbors = 5;
const fewestRemembered = 9;
const hoursOfDay = 24;
/** The short window is a fortieth of what makes the series known: an hour where that is two days. */
const windowsInLearning = 40;
/** The shape is of a thirteenth of it, in eight pieces, as long as a few hours where that is two days. */
const shapesInLearning = 13;
const shapePieces = 8;
const shapesRemembered = 800;
const shapeNeighbors = 3;
