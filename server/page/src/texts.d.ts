// A file of text, as the build puts it in.
declare module "*.txt" {
  const text: string;
  export default text;
}

// A sheet of style that comes with the part that needs it, as a text.
declare module "style:*" {
  const text: string;
  export default text;
}

// The outlines of the world, as make/outline.mjs gives them.
declare module "outline:world" {
  const world: {
    size: [number, number];
    areas: Record<string, string>; // by country: a path
    places: Record<string, [number, number]>;
    dots: string[]; // countries that are too small to be seen as areas
    open: string; // whose status the United Nations leave open
  };
  export default world;
}
