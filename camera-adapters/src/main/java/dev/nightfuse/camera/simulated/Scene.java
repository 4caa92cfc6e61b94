package dev.nightfuse.camera.simulated;

/**
 * The night drive as one camera sees it. {@link #paint} is a pure function of the seed and the
 * scene time; one thread at a time.
 */
final class Scene {

  final Canvas canvas;
  final Glare glare;

  private final Eye eye;
  private final Drive drive;
  private final Street street;
  private final Traffic traffic;
  private final Stage stage = new Stage();
  private final Lights lights = new Lights();

  private final Backdrop backdrop;
  private final Ground ground;
  private final Facades facades;
  private final CarPainter cars;
  private final WalkerPainter walkers;
  private final CyclistPainter cyclists;
  private final FurniturePainter furniture;
  private final TreePainter trees;

  Scene(long seed, Eye eye, boolean infrared) {
    this.eye = eye;
    this.drive = new Drive(seed);
    this.street = new Street(seed);
    this.traffic = new Traffic(seed);
    this.canvas = new Canvas(eye.widthPx, eye.heightPx, infrared);
    this.glare = new Glare(eye.widthPx, eye.heightPx);
    this.backdrop = new Backdrop(seed, eye, canvas);
    this.ground = new Ground(seed, eye, canvas);
    this.facades = new Facades(seed, eye, canvas);
    this.cars = new CarPainter(eye, canvas, lights, glare);
    this.walkers = new WalkerPainter(eye, canvas, lights);
    this.cyclists = new CyclistPainter(eye, canvas, walkers, glare);
    this.furniture = new FurniturePainter(eye, canvas, lights, glare);
    this.trees = new TreePainter(seed, eye, canvas, lights);
  }

  void paint(double sceneS) {
    eye.place(drive, sceneS);
    stage.clear();
    lights.clear();
    glare.clear();
    street.set(stage, lights, drive, sceneS);
    traffic.set(stage, lights, drive, sceneS);
    canvas.clearLabels();
    backdrop.paint();
    ground.paint(lights);
    facades.paint(lights);
    for (int rank = 0; rank < stage.size(); rank++) {
      paintThing(stage.drawn(rank));
    }
    if (!canvas.infrared) {
      glare.gather(canvas);
    }
  }

  private void paintThing(int i) {
    float u = stage.u[i];
    float d = stage.d[i];
    long look = stage.look[i];
    switch (stage.kind[i]) {
      case CAR -> cars.paint(u, d, stage.ahead[i], stage.pose[i], look);
      case WALKER -> walkers.paint(u, d, stage.ahead[i], stage.aside[i], stage.pose[i], look);
      case CYCLIST -> cyclists.paint(u, d, stage.ahead[i], stage.pose[i], look);
      case LAMP -> furniture.lamp(u, d, stage.aside[i], stage.pose[i]);
      case TREE -> trees.paint(u, d, stage.aside[i], look);
      case SIGN -> furniture.sign(u, d, stage.ahead[i], look);
      case SIGNAL -> furniture.signal(u, d, (int) stage.pose[i]);
      case RAIL -> furniture.rail(u, d, stage.pose[i]);
      case CONE -> furniture.cone(u, d);
      case CAR_STOP -> furniture.carStop(u, d);
    }
  }
}
