// What a programme can do, as far as its description tells.
//
// A panel is of one kind of participant, who all sit at one table.
export const composesPanels = (programme: { sides: readonly unknown[] }): boolean => programme.sides.length === 1;
