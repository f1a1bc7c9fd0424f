/** The 80 object classes of COCO (cocodataset.org) in the model's order, each with its super-category. */
const CATEGORIES = [
  ['person', ['person']],
  ['vehicle', ['bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat']],
  ['outdoor', ['traffic light', 'fire hydrant', 'stop sign', 'parking meter', 'bench']],
  ['animal', ['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe']],
  ['accessory', ['backpack', 'umbrella', 'handbag', 'tie', 'suitcase']],
  ['sports', ['frisbee', 'skis', 'snowboard', 'sports ball', 'kite', 'baseball bat', 'baseball glove', 'skateboard', 'surfboard', 'tennis racket']],
  ['kitchen', ['bottle', 'wine glass', 'cup', 'fork', 'knife', 'spoon', 'bowl']],
  ['food', ['banana', 'apple', 'sandwich', 'orange', 'broccoli', 'carrot', 'hot dog', 'pizza', 'donut', 'cake']],
  ['furniture', ['chair', 'couch', 'potted plant', 'bed', 'dining table', 'toilet']],
  ['electronic', ['tv', 'laptop', 'mouse', 'remote', 'keyboard', 'cell phone']],
  ['appliance', ['microwave', 'oven', 'toaster', 'sink', 'refrigerator']],
  ['indoor', ['book', 'clock', 'vase', 'scissors', 'teddy bear', 'hair drier', 'toothbrush']],
];

/** Names by class number. @type {readonly string[]} */
export const LABELS = CATEGORIES.flatMap(([, names]) => names);

/** Super-category by name. @type {ReadonlyMap<string, string>} */
export const CATEGORY_OF = new Map(CATEGORIES.flatMap(([category, names]) => names.map((name) => [name, category])));
